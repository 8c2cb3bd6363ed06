/// Something that happened in the traced tree: what the tracer records, and all that analysis
/// knows.
package struct Event: Hashable, Sendable {
  /// The event's number in the run, from 1, without gaps.
  package var sequence: UInt64
  package var time: TraceTime
  /// The process that did it or to which it happened.
  package var process: ProcessID
  /// The thread that did it.
  package var thread: ThreadID
  package var kind: Kind
  /// The stack of the thread that did it, if a rule can use one: the creator's at a process's
  /// start, the previous program's at an execution.
  package var stack: StackReading?
  /// The same thread's native stack with the Python frames in between, if the Python stack alone
  /// doesn't show enough.
  package var nativeStack: MixedStack?

  package init(
    sequence: UInt64, time: TraceTime, process: ProcessID, thread: ThreadID, kind: Kind,
    stack: StackReading? = nil, nativeStack: MixedStack? = nil
  ) {
    self.sequence = sequence
    self.time = time
    self.process = process
    self.thread = thread
    self.kind = kind
    self.stack = stack
    self.nativeStack = nativeStack
  }

  package enum Kind: Hashable, Sendable {
    /// The process is new: `parent` made it, or no traced process did (the root).
    case started(Start)
    /// The process runs another program.
    indirect case executed(Execution)
    /// The process opens a file for reading; whether that succeeds isn't known yet.
    case opened(FileOpen)
    /// The process makes a pipe.
    case piped
    /// The process writes something that shows its boot window, to the resource tracker or to
    /// standard error; or a traceback.
    case wrote(WrittenText)
    /// The process gives a Unix socket the name at which others will reach it.
    case bound(SocketAddress)
    /// The process asks for a connection to a Unix socket.
    case connected(SocketAddress)
    /// The process sends a signal that can't be caught.
    case sent(SignalSending)
    /// A signal reaches the process: its handler, or its default action, is next.
    case signalled(SignalDelivery)
    /// From now on the process's opens, writes and connections can't be seen, although they would
    /// prove something; with the reason.
    case blinded(String)
    /// Every thread of the tree is going to be examined.
    case surveyBegan(SurveyCause)
    /// A survey found what the thread does.
    indirect case surveyed(ThreadActivity)
    /// Every thread that could be examined has been; with whether something moved in the time
    /// before.
    case surveyEnded(isMoving: Bool)
    /// The last thread of the process is gone.
    case exited(Termination)
  }
}

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

/// A program that a process begins to run, as it is when `execve(2)` has succeeded.
package struct Execution: Hashable, Sendable {
  /// The program's file with links resolved: `/proc/PID/exe`. For a script, its interpreter.
  package var executable: String
  /// The identity of an interpreter's file; nil if the program isn't one, or isn't known.
  package var executableIdentity: FileIdentity?
  /// The program's arguments after the kernel has put a script's interpreter in front.
  package var arguments: [String]
  package var workingDirectory: String
  /// The script that a Python interpreter's command line names to be run.
  package var script: ScriptFile?
  /// The digest of a Python interpreter's environment.
  package var environment: EnvironmentDigest?

  package init(
    executable: String, executableIdentity: FileIdentity?, arguments: [String],
    workingDirectory: String, script: ScriptFile? = nil, environment: EnvironmentDigest? = nil
  ) {
    self.executable = executable
    self.executableIdentity = executableIdentity
    self.arguments = arguments
    self.workingDirectory = workingDirectory
    self.script = script
    self.environment = environment
  }
}

/// The file that the path in an interpreter's command line led to when the interpreter was started.
package struct ScriptFile: Hashable, Sendable {
  /// Absolute, with `.` and `..` folded and symbolic links kept, as CPython makes `__file__`.
  package var path: String
  /// nil if there is no such file.
  package var identity: FileIdentity?
  package var isDirectory: Bool

  package init(path: String, identity: FileIdentity?, isDirectory: Bool = false) {
    self.path = path
    self.identity = identity
    self.isDirectory = isDirectory
  }
}

/// A file that is about to be opened.
package struct FileOpen: Hashable, Sendable {
  /// Absolute.
  package var path: String
  /// nil if there is no such file.
  package var identity: FileIdentity?
  package var meaning: Meaning

  /// What the open of a file shows about the process: decided once, when the event is made.
  package enum Meaning: String, Hashable, Sendable, CaseIterable {
    /// The process executes the user's code, or reads a script that a command line names.
    case program
    /// It imports a module that starts workers by spawn or forkserver.
    case starter
    /// It imports the module that forks workers, while it is in its boot window.
    case forkStarter = "fork-starter"
    /// Its boot window ends.
    case endOfBoot = "end-of-boot"
    /// Nothing: `--capture=all` asked for the event.
    case other
  }

  package init(path: String, identity: FileIdentity?, meaning: Meaning) {
    self.path = path
    self.identity = identity
    self.meaning = meaning
  }
}

/// Text that is about to be written.
package struct WrittenText: Hashable, Sendable {
  package var descriptor: Int32
  /// The text's beginning, as far as the tracer reads it: at least as long as a traceback of a few
  /// dozen frames.
  package var text: String

  package init(descriptor: Int32, text: String) {
    self.descriptor = descriptor
    self.text = text
  }
}

/// A Unix socket's name (`sun_path`); an abstract one begins with a NUL character.
package struct SocketAddress: Hashable, Sendable {
  package var path: String

  package init(path: String) {
    self.path = path
  }
}

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

/// How a process ended.
package enum Termination: Hashable, Sendable {
  case status(Int32)
  case signal(Int32)
}
