/// How a command has ended.
struct CommandResult {
  var status: Int32
  /// What must live until this process exits. To give back the memory of a large run, or the
  /// tracer's file watch (16 ms), would only delay the exit.
  var kept: AnyObject?
}
