internal import CSpawnTrace
internal import Glibc
internal import SystemPackage
package import TraceModel

/// A report of wait(2) about the tracees of this thread.
package enum TraceeReport: Sendable {
  /// A thread has stopped or ended.
  case changed(ThreadID, WaitStatus)
  /// No thread has, since the last time.
  case nothing
  /// There is no tracee left.
  case noTracees
}

/// Removes the next report, without waiting for one.
///
/// The corresponding C call is `waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG)`.
package func nextTraceeReport() throws(SystemCallError) -> TraceeReport {
  var status: Int32 = 0
  let thread = spawntrace_wait(&status)
  if thread > 0 {
    return .changed(ThreadID(rawValue: thread), WaitStatus(rawValue: status))
  }
  if thread == 0 { return .nothing }
  if thread == -ECHILD { return .noTracees }
  throw SystemCallError("waitpid", Errno(rawValue: -thread))
}
