internal import Analysis
internal import Diagnostics
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
      \(name) (pid \(process.rawValue)) is set-uid or set-gid, but the kernel gives a traced \
      program no privileges unless its tracer runs as root
      """
    case .processFilesUnusable(.missing):
      """
      /proc is not mounted: processes, stacks and system calls are seen, but not where processes \
      wait, nor a change of their directory; as root: mount -t proc proc /proc
      """
    case .processFilesUnusable(.foreign):
      """
      /proc is that of another pid namespace, where our processes have other numbers, so it is not \
      read: processes, stacks and system calls are seen, but not where processes wait, nor a change \
      of their directory; run unshare with --mount-proc, or as root: mount -t proc proc /proc
      """
    case .recordingFailed(let path, let error):
      "cannot record on to \(path): \(error); what was written can be replayed"
    case .threadReleased(let process, let thread):
      """
      process \(process.rawValue) was held for a while because spawntrace lost track of its thread \
      \(thread.rawValue); it runs again now. This is a bug in spawntrace
      """
    case .endMissed(let process):
      """
      process \(process.rawValue) has ended, and spawntrace did not see how. This is a bug in \
      spawntrace
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
    case .tracerIsTraced, .privilegesWithheld, .processFilesUnusable, .waitsForSurvivors,
      .endsSurvivors:
      false
    }
  }
}
