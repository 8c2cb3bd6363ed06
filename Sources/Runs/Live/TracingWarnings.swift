internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// Finds programs that can't do their work because they are traced, once for each kind.
struct TracingWarnings {
  private var hasSeenTracer = false
  private var hasSeenPrivileges = false
  /// With CAP_SYS_PTRACE, as root has it, set-uid programs of the tree gain their privileges
  /// (security/commoncap.c, `cap_bprm_creds_from_file`).
  private let keepsPrivileges = geteuid() == 0

  /// Programs whose work is ptrace(2). A second spawntrace explains the refusal itself.
  private static let tracers = [
    "strace", "ltrace", "gdb", "gdbserver", "lldb", "lldb-server", "rr", "py-spy", "pystack",
  ]

  /// Returns what the user should know of a program that a process begins to run.
  mutating func notice(of execution: Execution, by process: ProcessID) -> RunNotice? {
    let name = String(execution.executable.lastPathComponent)
    if !hasSeenTracer, Self.tracers.contains(where: { name == $0 }) {
      hasSeenTracer = true
      return .tracerIsTraced(name: name, process)
    }
    guard !keepsPrivileges, !hasSeenPrivileges,
      let status = FileStatus(path: ProcessFolder(process).executablePath),
      status.isSetID
    else { return nil }
    hasSeenPrivileges = true
    return .privilegesWithheld(name: name, process)
  }
}
