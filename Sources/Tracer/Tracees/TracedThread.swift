internal import LinuxProcess
internal import TraceModel

/// A thread under ptrace, with everything that the tracer keeps of one thread.
///
/// `TraceeTable` drops it when the thread is gone, and all of this with it.
final class TracedThread {
  let id: ThreadID
  let process: TracedProcess
  /// Its most recent call that arrived as a notification.
  var lastNotification: SystemCall?
  /// The processes that it has created, if it isn't its process's first.
  var created: [ProcessID] = []
  /// Whether the tracer has left it in a group-stop.
  var isInGroupStop = false
  /// Its installation of the filter for its process; nil if it isn't at that.
  var installation: FilterInstallation?
  /// Its state before the survey that waits for it to stop; nil if none does.
  var surveyCandidate: SurveyCandidate?

  init(id: ThreadID, of process: TracedProcess) {
    self.id = id
    self.process = process
  }
}
