internal import LinuxProcess
internal import Runs
internal import SystemPackage

extension LiveRunError {
  /// What is wrong and what can be done about it, in one line.
  var message: String {
    switch self {
    case .launch(let error): error.explanation
    case .overlays(let obstacle): obstacle.explanation
    case .tracing(let error): "cannot go on tracing: \(error); the command was ended"
    case .recording(let path, let error): "cannot record to \(path): \(error.explanation)"
    }
  }
}

extension LaunchError {
  var explanation: String {
    switch self {
    case .system(let error):
      "cannot start the command: \(error)"
    case .lost:
      "cannot start the command: it was killed before it began"
    case .tracingRefused(let errno, let obstacle):
      "cannot trace: ptrace was refused (\(errno)): \(obstacle.explanation)"
    case .overlaysRefused(let obstacle): obstacle.explanation
    }
  }
}

extension OverlayObstacle {
  fileprivate var explanation: String {
    "cannot show the command an edited text: \(reason)"
  }

  private var reason: String {
    switch self {
    case .noSuchFile(let path): "\(path) is no regular file"
    case .textNotKept(let error): "it cannot be kept (\(error))"
    case .processFilesUnusable: "/proc does not show the processes of the run"
    case .listenerRefused(let error): "seccomp notifications are refused (\(error))"
    case .descriptorsRefused(.invalidArgument): "the kernel is older than 5.9"
    case .descriptorsRefused(let error): "the kernel or a container refuses it (\(error))"
    case .namespaceRefused(let call, let error):
      "it cannot have a mount namespace of its own: \(call): \(error)"
    }
  }
}

extension TracingObstacle {
  fileprivate var explanation: String {
    switch self {
    case .tracedAlready(let tracer):
      """
      this process is traced already, by process \(tracer), and its children would be, too; \
      run spawntrace outside of that tracer (strace, gdb, another spawntrace)
      """
    case .yama(let scope):
      """
      kernel.yama.ptrace_scope is \(scope); \
      as root: sysctl kernel.yama.ptrace_scope=1\
      \(scope == 3 ? " (3 is undone only by a reboot)" : "")
      """
    case .seccompFilter:
      """
      a seccomp filter lies over this process, as in a container; \
      start the container with --cap-add=SYS_PTRACE or --security-opt seccomp=unconfined
      """
    case .unknown:
      "a security module (SELinux, AppArmor) or the container may forbid it; see their logs"
    }
  }
}
