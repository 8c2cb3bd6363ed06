internal import Multiprocessing
internal import TraceModel

/// Reads what faulthandler prints when an interpreter crashes: `Fatal Python error: ...`, then the
/// threads' frames, innermost first (Python/traceback.c, `_Py_DumpTracebackThreads`).
struct FatalDump: Sendable {
  /// The crashes of workers.
  private(set) var faults: [LogFault] = []
  /// The crashes of other processes, as far as their frames show.
  private(set) var others: [LogFault] = []
  private var current: LogFault?
  /// Whether the frames that come are those of the thread that crashed.
  private var isInThread = false
  private var hasThread = false
  /// Whether a thread's head came: an interpreter that can't start prints none.
  private var hasDump = false
  /// Whether a thread's frames show a worker.
  private var isWorker = false
  private var lastLine = 0

  private static let limit = 64
  private static let frameLimit = 200

  mutating func begin(_ message: String, line: Int, time: LogTime?) {
    finish()
    var fault = LogFault(.workerCrash, message: message)
    fault.firstSeen = time
    fault.lastSeen = time
    current = fault
    isInThread = false
    hasThread = false
    hasDump = false
    isWorker = false
    lastLine = line
  }

  /// A thread's head: `Current thread 0x... (most recent call first):`, `Thread 0x...`, `Stack`.
  mutating func thread(isCurrent: Bool, line: Int) {
    guard current != nil else { return }
    isInThread = isCurrent || !hasThread
    hasDump = true
    if isCurrent { current?.frames = [] }
    if isCurrent { hasThread = true }
    lastLine = line
  }

  /// The head of the C frames, which 3.14 prints behind those of Python: `Current thread's C stack
  /// trace (most recent call first):`.
  mutating func nativeFrames(line: Int) {
    isInThread = false
    hasThread = current != nil
    lastLine = line
  }

  mutating func frame(_ frame: PythonFrame, line: Int) {
    guard current != nil, line - lastLine < 40 else {
      finish()
      return
    }
    lastLine = line
    isWorker = isWorker || FrameTraits(frame).runsWorker
    if isInThread, current?.frames.count ?? 0 < Self.frameLimit { current?.frames.append(frame) }
  }

  mutating func finish() {
    guard var fault = current else { return }
    current = nil
    guard hasDump else { return }
    let traits = fault.frames.map { FrameTraits($0) }
    let own = traits.firstIndex { $0.origin == .user }
    fault.callSite = own.map { fault.frames[$0] }
    fault.culprit = fault.callSite
    fault.python = traits.compactMap(\.python).first
    fault.startMethod = traits.compactMap(\.startMethod).first
    if isWorker { Self.add(fault, to: &faults) } else { Self.add(fault, to: &others) }
  }

  private static func add(_ fault: LogFault, to faults: inout [LogFault]) {
    if let index = faults.firstIndex(where: {
      $0.message == fault.message && $0.culprit == fault.culprit
    }) {
      faults[index].count += 1
      faults[index].lastSeen = fault.lastSeen ?? faults[index].lastSeen
    } else if faults.count < limit {
      faults.append(fault)
    }
  }
}
