internal import Reporting
internal import Runs
internal import TraceModel

extension RunNotice {
  /// The message in one line, without a full stop.
  var message: String {
    switch self {
    case .tracerIsTraced(let name, let process):
      """
      \(name) (pid \(process.rawValue)) can't trace processes of this run: spawntrace traces them \
      already, and ptrace(2) allows one tracer; it will be refused (EPERM)
      """
    case .privilegesWithheld(let name, let process):
      """
      \(name) (pid \(process.rawValue)) is set-uid or set-gid and gains nothing by that: the kernel \
      gives a traced program no privileges, unless its tracer runs as root
      """
    case .recordingFailed(let path, let error):
      "cannot record on to \(path): \(error); what was written can be replayed"
    case .threadReleased(let process, let thread):
      """
      process \(process.rawValue) stood still, because spawntrace had lost sight of its thread \
      \(thread.rawValue); it goes on now. This is a fault of spawntrace's
      """
    case .endMissed(let process):
      """
      process \(process.rawValue) has ended, and spawntrace has missed how. This is a fault of \
      spawntrace's
      """
    case .waitsForSurvivors(let processes):
      """
      the command has ended; waiting for what it left running: \(processes.shortList) (Ctrl-C ends \
      them)
      """
    case .endsSurvivors(let processes):
      "the command has ended; ending what it left running: \(processes.shortList)"
    }
  }

  /// Whether it is printed even if no report is wanted: something went wrong.
  var isFailure: Bool {
    switch self {
    case .recordingFailed, .threadReleased, .endMissed: true
    case .tracerIsTraced, .privilegesWithheld, .waitsForSurvivors, .endsSurvivors: false
    }
  }
}
