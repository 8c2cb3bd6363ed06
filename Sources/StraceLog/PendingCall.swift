internal import TraceModel

/// A call that has begun and not returned.
struct PendingCall {
  var call: StraceCall
  /// Of fork, vfork and clone: the kind of start, and whether it creates a thread.
  var start = Start.Call.fork
  var isThread = false
  /// Of execve.
  var execution: Execution?
  /// Of chdir.
  var directory: String?
}
