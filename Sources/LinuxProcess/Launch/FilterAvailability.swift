internal import CSpawnTrace
internal import SystemPackage

extension Mechanism {
  /// Returns the best of the mechanisms from `first` on that the kernel has and lets this process
  /// use, and why the better ones are not available.
  ///
  /// The corresponding C call is `seccomp(SECCOMP_GET_ACTION_AVAIL)`.
  package static func available(from first: Mechanism) -> (
    mechanism: Mechanism, refusals: [LaunchedProgram.Refusal]
  ) {
    var refusals: [LaunchedProgram.Refusal] = []
    let actions = [
      (Mechanism.notify, UInt32(SECCOMP_RET_USER_NOTIF)), (.trace, UInt32(SECCOMP_RET_TRACE)),
    ]
    for (mechanism, action) in actions where first == .notify || first == mechanism {
      let error = spawntrace_action_available(action)
      if error == 0 { return (mechanism, refusals) }
      refusals.append(.init(mechanism: mechanism, errno: Errno(rawValue: error)))
    }
    return (.processesOnly, refusals)
  }
}
