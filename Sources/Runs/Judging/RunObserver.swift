package import Analysis
package import SystemPackage
package import TraceModel

/// Gets what a run shows while it goes on: a command prints it, a test collects it.
package protocol RunObserver: AnyObject {
  /// Whether `observed` is called; it would be called for each event.
  var wantsEvents: Bool { get }

  /// An event is in the forest; what it proves comes next.
  func observed(_ event: Event, in forest: ProcessForest)

  /// An event proved something new. A live run has recorded the event already.
  ///
  /// - Parameter report: Makes the report of the run up to this event, with a copy of each process.
  func found(_ findings: [Finding], report: () -> RunReport)

  /// All threads of the tree were surveyed.
  func surveyed(report: () -> RunReport)

  /// Code that shows findings is to run once, without an effect, before the first real finding.
  func warmUp(with invented: [Finding], report: () -> RunReport)

  /// Something happened to spawntrace itself that the user should hear of at once.
  func noticed(_ notice: RunNotice)
}

/// By default nothing is done: the report at the end has it all.
extension RunObserver {
  package var wantsEvents: Bool { false }
  package func observed(_ event: Event, in forest: ProcessForest) {}
  package func found(_ findings: [Finding], report: () -> RunReport) {}
  package func surveyed(report: () -> RunReport) {}
  package func warmUp(with invented: [Finding], report: () -> RunReport) {}
  package func noticed(_ notice: RunNotice) {}
}

/// Something about tracing or recording that the user should hear of while the run goes on.
package enum RunNotice: Hashable, Sendable {
  /// A debugger or another tracer was started in the tree: the kernel will refuse it ptrace(2).
  case tracerIsTraced(name: String, ProcessID)
  /// A set-uid or set-gid program was started, and the kernel gives it no privileges.
  case privilegesWithheld(name: String, ProcessID)
  /// The recording could not be written any further.
  case recordingFailed(path: String, Errno)
  /// The tracer had lost a stopped thread and let it go on: a fault of spawntrace's.
  case threadReleased(ProcessID, ThreadID)
  /// A process has ended and its end wasn't seen: a fault of spawntrace's.
  case endMissed(ProcessID)
  /// The command has ended; the tracer waits for what it left running.
  case waitsForSurvivors([ProcessID])
  /// The command has ended; the tracer ends what it left running.
  case endsSurvivors([ProcessID])
}

/// An observer that does nothing, for runs of which only the report is wanted.
package final class SilentObserver: RunObserver {
  package init() {}
}
