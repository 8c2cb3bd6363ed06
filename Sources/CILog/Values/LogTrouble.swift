/// What fails jobs and is no cause of ours. It is counted to show that it was seen.
package enum LogTrouble: String, Hashable, Sendable, CaseIterable {
  case killed
  /// Status 137: SIGKILL, often for want of memory.
  case status137
  case cancelled
  case timedOut
  /// EAGAIN: no further process or thread may be made.
  case errno11
  /// ENOMEM.
  case errno12
  /// EMFILE.
  case errno24
  /// ENOSPC.
  case errno28
  case leakedSemaphore
  case contextAlreadySet
  case daemonicChild
  case brokenPipe
  case endOfFile
  /// `Ran out of input`: pickle read an empty stream.
  case ranOutOfInput
  case brokenProcessPool

  /// Whether it follows from a worker's death, and says nothing beside that.
  package var isConsequence: Bool {
    switch self {
    case .brokenPipe, .endOfFile, .ranOutOfInput, .brokenProcessPool, .leakedSemaphore: true
    default: false
    }
  }
}
