internal import Glibc

/// What keeps this process from tracing its own child, as far as the machine tells.
package enum TracingObstacle: Hashable, Sendable {
  /// Another tracer has this process, and so gets its children.
  case tracedAlready(by: Int32)
  /// /proc/sys/kernel/yama/ptrace_scope is 2 (administrators only) or 3 (nobody).
  case yama(scope: Int)
  /// A seccomp filter lies over this process, as containers install them.
  case seccompFilter
  /// None of these: a security module (SELinux, AppArmor), or something unknown.
  case unknown

  /// Looks for the obstacle after PTRACE_SEIZE was refused.
  static func find() -> TracingObstacle {
    let status = StatusFile(process: getpid())
    if let tracer = status?["TracerPid"].flatMap({ Int32($0) }), tracer != 0 {
      return .tracedAlready(by: tracer)
    }
    // 1 (restricted) lets a parent trace its child (Documentation/admin-guide/LSM/Yama.rst).
    if let text = contents(of: "/proc/sys/kernel/yama/ptrace_scope").map({
      String(decoding: $0, as: UTF8.self)
    }), let scope = text.first?.wholeNumberValue, scope > 1 {
      return .yama(scope: scope)
    }
    if status?["Seccomp"] == "2" { return .seccompFilter }
    return .unknown
  }
}
