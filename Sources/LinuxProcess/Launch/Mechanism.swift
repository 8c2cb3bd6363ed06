/// How the tracer sees system calls, best first. The raw values are the words of `--mechanism`.
package enum Mechanism: String, Hashable, Sendable, CaseIterable {
  /// seccomp user notifications: 10 us a call if the kernel wakes synchronously (6.6).
  case notify
  /// ptrace stops at the calls that the filter picks: about 100 us a call.
  case trace
  /// No filter: only the starts and ends of processes are seen.
  case processesOnly = "events"
}
