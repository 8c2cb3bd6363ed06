package import TraceModel

/// A fact about a run that could not be seen or read, and is reported as unknown.
///
/// A value says what is missing; reporters make the sentence.
package enum Limitation: Hashable, Sendable {
  // MARK: In the events

  /// The Python stack of so many processes could not be read at the start of a worker.
  case stacksUnreadable(processes: Int, reason: String)
  /// The calls of so many processes could not be seen from some moment on.
  case callsUnseen(processes: Int, reason: String)
  /// No opened files could be seen: there was no filter.
  case opensUnseen(reason: String)
  /// The command ended and left these processes running; they were not traced any further. If a
  /// chain of processes has led to one of them, there is more to come.
  case leftRunning([ProcessID], chain: ProcessChain? = nil)

  /// What /proc shows of the processes could not be read.
  case processFilesUnusable(ProcessFilesProblem)

  // MARK: In a recording

  /// Lines of a recording were damaged and skipped.
  case damagedLines(UInt64, missingEvents: UInt64)
  /// Events are missing between others, and no damaged line shows where they were.
  case missingEvents(UInt64)
  /// The input of a recording failed before its end.
  case recordingUnreadable(explanation: String)
  /// A recording has no end; nil if it has no event either.
  case recordingTruncated(after: Moment?)
  /// A limitation of the recorded run, in the recording's words.
  case recorded(String)

  // MARK: In a log of strace

  /// Lines that strace didn't write were skipped; the first of them, clipped.
  case foreignLines(UInt64, examples: [String])
  /// The input of a log failed before its end.
  case logUnreadable(explanation: String)
  /// So many files of one `strace -ff` have a part that could not be read.
  case logFilesUnreadable(Int)
  /// A log ends before the traced command; the time of its last event, nil if the log has no times.
  case logEndsEarly(at: TraceTime?)
  /// Something that the log lacks.
  case log(StraceLimitation)
  /// The log lacks something that a complete command line of strace would have logged.
  case logIsIncomplete

  /// Why /proc can't be used.
  package enum ProcessFilesProblem: Hashable, Sendable {
    /// There is no proc filesystem.
    case missing
    /// It is that of another pid namespace.
    case foreign
  }

  /// A place in a run: an event's number and its time.
  package struct Moment: Hashable, Sendable {
    package var sequence: UInt64
    package var time: TraceTime

    package init(sequence: UInt64, time: TraceTime) {
      self.sequence = sequence
      self.time = time
    }
  }
}
