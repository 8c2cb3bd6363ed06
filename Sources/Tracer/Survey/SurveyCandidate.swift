internal import LinuxProcess
internal import TraceModel

/// A thread that a survey waits for, with its state before it was asked to stop.
struct SurveyCandidate {
  let thread: ThreadID
  let process: ProcessID
  var wasRunning: Bool
  /// How many times it had got a processor.
  let turns: UInt64
}
