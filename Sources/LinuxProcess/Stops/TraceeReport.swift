internal import CSpawnTrace
internal import Glibc
internal import SystemPackage

/// What the one wait of the tracer gives.
package enum WaitResult: Sendable {
  case stopped(Int32, WaitStatus)
  /// No tracee has anything to tell now.
  case nothing
  /// There is no tracee left.
  case noTracees
}

/// Takes the next thing that a tracee of this thread has to tell, without waiting.
///
/// The corresponding C call is `waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG)`.
package func nextWaitResult() throws(SystemCallError) -> WaitResult {
  var status: Int32 = 0
  let thread = spawntrace_wait(&status)
  if thread > 0 { return .stopped(thread, WaitStatus(rawValue: status)) }
  if thread == 0 { return .nothing }
  if thread == -ECHILD { return .noTracees }
  throw SystemCallError("waitpid", Errno(rawValue: -thread))
}
