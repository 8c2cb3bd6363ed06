internal import CSpawnTrace
internal import Glibc
package import SystemPackage
package import TraceModel

/// The listener of a seccomp filter, at which system calls wait for the tracer's answer.
///
/// It must be served until no process runs under the filter any more: without it those calls fail
/// with ENOSYS (seccomp_unotify(2)).
package final class NotificationListener {
  private let descriptor: OwnedDescriptor
  /// Whether a call can be answered with a descriptor in one step (kernel 5.14).
  private let answersInOneStep: Bool

  /// Takes the listener over and asks for the synchronous wake-up if the kernel has it.
  package init(_ descriptor: consuming OwnedDescriptor, answersInOneStep: Bool = false) {
    self.descriptor = descriptor
    self.answersInOneStep = answersInOneStep
    // EINVAL: a kernel before 6.6. A notification then costs about as much as a ptrace stop.
    _ = spawntrace_notification_wake_synchronously(self.descriptor.rawValue)
  }

  package var rawDescriptor: Int32 {
    descriptor.rawValue
  }

  /// Receives the next system call that waits; nil if its thread was killed in between.
  ///
  /// Blocks while no call waits. The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_RECV)`.
  package func next() -> WaitingCall? {
    var notification = spawntrace_notification()
    guard spawntrace_notification_receive(descriptor.rawValue, &notification) == 0 else {
      return nil
    }
    return WaitingCall(
      listener: descriptor.rawValue, answersInOneStep: answersInOneStep, id: notification.id,
      thread: ThreadID(rawValue: notification.thread),
      call: SystemCall(
        number: Int(notification.system_call), arguments: notification.arguments,
        threadPointer: nil))
  }
}

/// A thread that waits at a system call: its memory can be read, its frames don't move.
package struct WaitingCall: ~Copyable {
  private let listener: Int32
  private let answersInOneStep: Bool
  private let id: UInt64
  package let thread: ThreadID
  package let call: SystemCall

  fileprivate init(
    listener: Int32, answersInOneStep: Bool, id: UInt64, thread: ThreadID, call: SystemCall
  ) {
    self.listener = listener
    self.answersInOneStep = answersInOneStep
    self.id = id
    self.thread = thread
    self.call = call
  }

  /// Whether the thread still waits. If not, its memory and /proc may have been read while it was
  /// dying, or of another thread with its id.
  ///
  /// The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_ID_VALID)`.
  private var isStillWaiting: Bool {
    spawntrace_notification_is_valid(listener, id)
  }

  /// Returns what `examine` has read of the thread at its call; nil if it has read nothing worth
  /// keeping, or the thread doesn't wait any more (seccomp_unotify(2) asks for this check after
  /// each such read).
  package func examined<Value>(_ examine: (SystemCall) -> Value?) -> Value? {
    guard let value = examine(call), isStillWaiting else { return nil }
    return value
  }

  /// Lets the kernel make the call as it would have without us.
  ///
  /// The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_SEND)` with
  /// SECCOMP_USER_NOTIF_FLAG_CONTINUE. What was read decides nothing that has to be safe: a program
  /// that changes its arguments meanwhile gets what it would have got without us.
  package consuming func resume() -> Resumption {
    spawntrace_notification_continue(listener, id) == 0 ? .running : .gone
  }

  /// Gives the thread a copy of a descriptor; the call returns its number, and isn't made. If the
  /// thread may have no more descriptors, the call goes on, and fails by itself.
  ///
  /// The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_ADDFD)`.
  package consuming func answer(
    with descriptor: borrowing OwnedDescriptor, closesOnExec: Bool
  ) -> Resumption {
    let error = spawntrace_notification_answer(
      listener, id, descriptor.rawValue, closesOnExec, answersInOneStep)
    switch error {
    case 0: return .running
    case ENOENT: return .gone
    default: return resume()
    }
  }

  /// Makes the call fail.
  ///
  /// The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_SEND)`.
  package consuming func fail(with error: Errno) -> Resumption {
    spawntrace_notification_fail(listener, id, error.rawValue) == 0 ? .running : .gone
  }
}
