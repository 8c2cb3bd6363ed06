/// Why every thread of the tree is looked at.
package enum SurveyCause: Hashable, Sendable {
  /// The time that the run was given has passed; in nanoseconds.
  case deadline(UInt64)
  /// A signal asked spawntrace to end the run.
  case signal(Int32)
}

/// What one thread did at the moment of a survey.
package struct ThreadActivity: Hashable, Sendable {
  /// The thread's name (`PR_SET_NAME`); Python 3.14 and later give it that of `threading.Thread`.
  package var name: String
  package var state: State

  package enum State: Hashable, Sendable {
    /// It was running, or ready to.
    case running
    case waiting(Wait)
    /// Stopped by a signal of job control.
    case stopped
    /// It could not be looked at: it waits where nothing interrupts it, and nothing tells for what.
    case unknown
  }

  package init(name: String, state: State) {
    self.name = name
    self.state = state
  }
}

/// A system call in which a thread waits.
package struct Wait: Hashable, Sendable {
  /// The call's name as in its man page: `wait4`, `futex`; `system call 512` for one without.
  package var call: String
  /// What it waits for: one thing, or several where any of them will do.
  package var objects: [WaitObject]
  /// Whether it will end by itself after a time.
  package var isTimed: Bool

  package init(call: String, objects: [WaitObject], isTimed: Bool = false) {
    self.call = call
    self.objects = objects
    self.isTimed = isTimed
  }
}

/// What a thread waits for.
package struct WaitObject: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// The end of a child, or of any.
    case child
    /// The end of a process that is known by a descriptor (pidfd).
    case process
    case pipeToRead = "pipe-to-read"
    case pipeToWrite = "pipe-to-write"
    case socket
    /// Shared with other processes.
    case semaphore
    /// Within the process.
    case lock
    /// A lock on a file.
    case fileLock = "file-lock"
    case file
    case terminal
    case signal
    case time
  }

  package var kind: Kind
  /// What /proc calls it: `pipe:[1234]`, a path; nil where nothing does.
  package var name: String?
  /// Who could end the wait, as far as /proc tells: the child, those that have the pipe's other end,
  /// those that share the semaphore.
  package var processes: [ProcessID]

  package init(kind: Kind, name: String? = nil, processes: [ProcessID] = []) {
    self.kind = kind
    self.name = name
    self.processes = processes
  }
}
