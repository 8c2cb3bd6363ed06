internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// What a program can't do because it is traced: said when such a program begins, once for each kind.
struct TracingWarnings {
  private var hasSaidTracer = false
  private var hasSaidPrivileges = false
  /// With CAP_SYS_PTRACE, as root has it, set-uid programs of the tree gain their privileges
  /// (security/commoncap.c, `cap_bprm_creds_from_file`).
  private let keepsPrivileges = geteuid() == 0

  /// Programs whose work is ptrace(2). A second spawntrace says by itself why it can not.
  private static let tracers = [
    "strace", "ltrace", "gdb", "gdbserver", "lldb", "lldb-server", "rr", "py-spy", "pystack",
  ]

  /// A sentence without its full stop; nil where there is nothing to say.
  mutating func warning(of execution: Execution, by process: ProcessID) -> String? {
    let name = execution.executable.lastPathComponent
    var who: String { "\(name) (pid \(process.rawValue))" }
    if !hasSaidTracer, Self.tracers.contains(where: { name == $0 }) {
      hasSaidTracer = true
      return """
        \(who) can't trace processes of this run: spawntrace traces them already, and ptrace(2) allows \
        one tracer; it will be refused (EPERM)
        """
    }
    guard !keepsPrivileges, !hasSaidPrivileges,
      let status = FileStatus(path: ProcessFolder(process).executablePath),
      status.isSetID
    else { return nil }
    hasSaidPrivileges = true
    return """
      \(who) is set-uid or set-gid and gains nothing by that: the kernel gives a traced program no \
      privileges, unless its tracer runs as root
      """
  }
}
