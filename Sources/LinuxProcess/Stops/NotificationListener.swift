internal import CSpawnTrace
internal import SystemPackage

/// The end of a seccomp filter at which system calls wait for the tracer's word.
///
/// It must be served until nobody runs under the filter any more: without it those calls fail with
/// ENOSYS (seccomp_unotify(2)).
package final class NotificationListener {
  private let descriptor: OwnedDescriptor

  /// Takes the listener over and asks for the synchronous wake-up where the kernel has it.
  package init(_ descriptor: consuming OwnedDescriptor) {
    self.descriptor = descriptor
    // EINVAL: a kernel before 6.6. A notification then costs about as much as a ptrace stop.
    _ = spawntrace_notification_wake_synchronously(self.descriptor.rawValue)
  }

  package var rawDescriptor: Int32 {
    descriptor.rawValue
  }

  /// The next system call that waits; nil where its thread was killed in between.
  ///
  /// Blocks where none waits. The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_RECV)`.
  package func next() -> WaitingCall? {
    var notification = spawntrace_notification()
    guard spawntrace_notification_receive(descriptor.rawValue, &notification) == 0 else {
      return nil
    }
    return WaitingCall(
      listener: descriptor.rawValue, id: notification.id, thread: notification.thread,
      call: SystemCall(
        number: Int(notification.system_call), arguments: notification.arguments,
        threadPointer: nil))
  }
}

/// A thread that waits at a system call: its memory can be read, its frames don't move.
package struct WaitingCall: ~Copyable {
  private let listener: Int32
  private let id: UInt64
  package let thread: Int32
  package let call: SystemCall

  fileprivate init(listener: Int32, id: UInt64, thread: Int32, call: SystemCall) {
    self.listener = listener
    self.id = id
    self.thread = thread
    self.call = call
  }

  /// Whether the thread still waits, so that what was read by its id was read of it.
  ///
  /// The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_ID_VALID)`.
  package var isStillWaiting: Bool {
    spawntrace_notification_is_valid(listener, id)
  }

  /// Lets the kernel make the call as if nobody had looked.
  ///
  /// The corresponding C call is `ioctl(SECCOMP_IOCTL_NOTIF_SEND)` with
  /// SECCOMP_USER_NOTIF_FLAG_CONTINUE. What was looked at is never decided upon here, so that a
  /// program that changes its arguments meanwhile gains nothing.
  package consuming func resume() -> Resumption {
    spawntrace_notification_continue(listener, id) == 0 ? .running : .gone
  }
}
