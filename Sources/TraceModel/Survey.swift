/// Why every thread of the tree is examined.
package enum SurveyCause: Hashable, Sendable {
  /// The run's time limit has passed; in nanoseconds.
  case deadline(UInt64)
  /// A signal asked spawntrace to end the run; of Ctrl-C (SIGINT) several that were not answered.
  case signal(Int32)
  /// A first Ctrl-C came while nothing moved. It is the program's, which may go on: what the survey
  /// has found is reported only if the program ends of it.
  case interrupt
}

/// The activity of one thread at the moment of a survey.
package struct ThreadActivity: Hashable, Sendable {
  /// The thread's name (`PR_SET_NAME`); Python 3.14 and later give it that of `threading.Thread`.
  package var name: String
  package var state: State
  /// Whether the process has handlers for signals that others send it, other than SIGINT's: its
  /// main thread may wait for one.
  package var handlesSignals: Bool

  package enum State: Hashable, Sendable {
    /// Running, or ready to run.
    case running
    case waiting(Wait)
    /// Stopped by a signal of job control.
    case stopped
    /// The thread could not be examined: it waits uninterruptibly, and nothing shows for what.
    case unknown
  }

  package init(name: String, state: State, handlesSignals: Bool = false) {
    self.name = name
    self.state = state
    self.handlesSignals = handlesSignals
  }
}

/// A system call in which a thread waits.
package struct Wait: Hashable, Sendable {
  /// The call's name as in its man page: `wait4`, `futex`; `system call 512` for one without.
  package var call: String
  /// The objects that it waits for: one, or several if any of them will do.
  package var objects: [WaitObject]
  /// Whether the wait will end by itself after a time.
  package var isTimed: Bool

  package init(call: String, objects: [WaitObject], isTimed: Bool = false) {
    self.call = call
    self.objects = objects
    self.isTimed = isTimed
  }
}

/// An object that a thread waits for.
package struct WaitObject: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable {
    /// The end of a certain child, or of any.
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
  /// The object's name in /proc: `pipe:[1234]`, a path; nil if it has none.
  package var name: String?
  /// The processes that could end the wait, as far as /proc shows: the child, those that have the
  /// pipe's other end, those that share the semaphore.
  package var processes: [ProcessID]

  package init(kind: Kind, name: String? = nil, processes: [ProcessID] = []) {
    self.kind = kind
    self.name = name
    self.processes = processes
  }
}
