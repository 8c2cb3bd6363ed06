internal import LinuxProcess

/// How far a thread is with installing the filter for its process.
final class FilterInstallation {
  enum Step {
    /// The thread runs to the end of the call in which it was stopped.
    case leavingCall
    case calling(BorrowedThread.Call, hasBegun: Bool)
  }

  var step = Step.leavingCall
  var attempt: FilterAttempt
  var borrowed: BorrowedThread?
  /// Our copy of the listener, once there is one.
  var listener: NotificationListener?

  init(_ attempt: FilterAttempt) {
    self.attempt = attempt
  }
}
