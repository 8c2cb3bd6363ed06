/// A signal that a process sends with `kill`, `tgkill`, `rt_sigqueueinfo` or `pidfd_send_signal`.
package struct SignalSending: Hashable, Sendable {
  package var signal: Int32
  /// The processes of the tree that the signal is for.
  package var targets: [ProcessID]

  package init(signal: Int32, targets: [ProcessID]) {
    self.signal = signal
    self.targets = targets
  }
}

/// A signal on its way into a process.
package struct SignalDelivery: Hashable, Sendable {
  package var signal: Int32
  /// The process that sent it by `kill`, `tgkill` or `sigqueue`; nil if the kernel did.
  package var sender: ProcessID?
  /// Whether spawntrace sent it, to end the tree.
  package var isOurs: Bool

  package init(signal: Int32, sender: ProcessID?, isOurs: Bool = false) {
    self.signal = signal
    self.sender = sender
    self.isOurs = isOurs
  }
}
