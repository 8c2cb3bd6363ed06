package import TraceModel

/// The reason why this process can't trace its own child, as far as the machine shows it.
package enum TracingObstacle: Hashable, Sendable {
  /// Another tracer traces this process, and so gets its children.
  case tracedAlready(by: ProcessID)
  /// /proc/sys/kernel/yama/ptrace_scope is 2 (administrators only) or 3 (no process).
  case yama(scope: Int)
  /// This process runs under a seccomp filter, as containers install them.
  case seccompFilter
  /// Another reason: a security module (SELinux, AppArmor), or something unknown.
  case unknown

  /// Finds the obstacle after PTRACE_SEIZE was refused.
  static func find() -> TracingObstacle {
    let status = StatusFields.own
    if let tracer = status?.tracer { return .tracedAlready(by: tracer) }
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
