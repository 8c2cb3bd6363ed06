/// How a process came to be.
package struct Start: Hashable, Sendable {
  package enum Call: Hashable, Sendable {
    /// The traced command itself.
    case launch
    /// `fork(2)` or a clone that signals its parent with SIGCHLD.
    case fork
    /// `vfork(2)`, or a clone with CLONE_VFORK: the parent waits until the child executes a
    /// program.
    case vfork
    /// A clone that signals its end with nothing, or with another signal.
    case clone
    /// Its stop was seen, but the parent's event never was (the parent was killed in between).
    case unseen
  }

  package var call: Call
  package var parent: ProcessID?
  /// The thread that made it, if that isn't its process's first.
  package var creator: ThreadID?

  package init(call: Call, parent: ProcessID?, creator: ThreadID? = nil) {
    self.call = call
    self.parent = parent
    self.creator = creator
  }
}
