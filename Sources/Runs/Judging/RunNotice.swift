package import Analysis
package import SystemPackage
package import TraceModel

/// Something about tracing or recording that the user should hear of while the run goes on.
package enum RunNotice: Hashable, Sendable {
  /// A debugger or another tracer was started in the tree: the kernel will refuse it ptrace(2).
  case tracerIsTraced(name: String, ProcessID)
  /// A set-uid or set-gid program was started, and the kernel gives it no privileges.
  case privilegesWithheld(name: String, ProcessID)
  /// /proc can't be read.
  case processFilesUnusable(Limitation.ProcessFilesProblem)
  /// The recording could not be written any further.
  case recordingFailed(path: String, Errno)
  /// The tracer had lost track of a stopped thread and resumed it late: a bug in spawntrace.
  case threadReleased(ProcessID, ThreadID)
  /// A process has ended and its end wasn't seen: a bug in spawntrace.
  case endMissed(ProcessID)
  /// The command has ended; the tracer waits for what it left running.
  case waitsForSurvivors([ProcessID])
  /// The command has ended; the tracer ends what it left running.
  case endsSurvivors([ProcessID])
}
