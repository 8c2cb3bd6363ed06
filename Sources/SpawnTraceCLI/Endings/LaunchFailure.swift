internal import LinuxProcess
internal import SystemPackage

extension LaunchError {
  /// What is wrong and what can be done about it, in one line.
  var explanation: String {
    switch self {
    case .system(let error):
      "cannot start the command: \(error)"
    case .lost:
      "cannot start the command: it was killed before it began"
    case .tracingRefused(let errno, let obstacle):
      "cannot trace: ptrace was refused (\(errno)): \(obstacle.explanation)"
    }
  }
}

extension TracingObstacle {
  fileprivate var explanation: String {
    switch self {
    case .tracedAlready(let tracer):
      """
      this process is traced already, by process \(tracer), and so would be its children; \
      run spawntrace outside of that tracer (strace, gdb, another spawntrace)
      """
    case .yama(let scope):
      """
      kernel.yama.ptrace_scope is \(scope); \
      as root: sysctl kernel.yama.ptrace_scope=1\(scope == 3 ? " (3 is undone only by a reboot)" : "")
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

extension LaunchedProgram.Refusal {
  /// What is not to be had, and why.
  var explanation: String {
    switch (mechanism, errno) {
    case (.notify, .resourceBusy):
      "another program listens to seccomp notifications here already (a container's)"
    case (.notify, _):
      "the kernel has no seccomp notifications for us (\(errno))"
    default:
      "no seccomp filter can be installed here (\(errno))"
    }
  }
}
