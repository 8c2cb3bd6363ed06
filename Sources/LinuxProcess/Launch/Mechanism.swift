/// How system calls come to be seen, best first.
package enum Mechanism: String, Hashable, Sendable, CaseIterable {
  /// seccomp user notifications: 10 us a call where the kernel wakes synchronously (6.6).
  case notify
  /// ptrace stops at the calls that the filter picks: about 100 us a call.
  case trace
  /// No filter: the life cycle of processes alone.
  case events
}
