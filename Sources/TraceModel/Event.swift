/// Something that happened in the traced tree: what the tracer records, and all that analysis knows.
package struct Event: Hashable, Sendable {
  /// Its place in the run, from 1, without gaps.
  package var sequence: UInt64
  package var time: TraceTime
  /// The process that did it or to which it happened.
  package var process: ProcessID
  /// The thread that did it.
  package var thread: ThreadID
  package var kind: Kind
  /// The stack of the thread that did it, where a rule can use one: of the maker at a process's start,
  /// of the program before at an execution.
  package var stack: StackReading?
  /// The same thread's native stack with the Python frames in their places, where Python's alone
  /// doesn't tell.
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
    /// The process is new: `parent` made it, or nobody that was traced (the root).
    case started(Start)
    /// The process runs another program.
    indirect case executed(Execution)
    /// The process opens a file for reading; whether that succeeds isn't known yet.
    case opened(FileOpen)
    /// The process makes a pipe.
    case piped
    /// The process writes something that tells of its preparation as a worker, to the resource
    /// tracker or to standard error; or a traceback.
    case wrote(WrittenText)
    /// The process gives a Unix socket the name at which others will reach it.
    case bound(SocketAddress)
    /// The process asks for a connection to a Unix socket.
    case connected(SocketAddress)
    /// The process sends a signal that nobody can catch.
    case sent(SignalSending)
    /// A signal reaches the process: its handler, or its default action, is next.
    case signalled(SignalDelivery)
    /// From now on nobody sees what the process opens, writes and connects to, although it would prove
    /// something: why.
    case blinded(String)
    /// Every thread of the tree is going to be looked at.
    case surveyBegan(SurveyCause)
    /// What the thread does, while the survey lasts.
    indirect case surveyed(ThreadActivity)
    /// All that could be looked at has been; whether something moved in the time before.
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
    /// `vfork(2)`, or a clone with CLONE_VFORK: the parent waits until the child executes a program.
    case vfork
    /// A clone that signals its end with nothing, or with another signal.
    case clone
    /// Its stop was seen, and the event of the parent never was (the parent was killed in between).
    case unseen
  }

  package var call: Call
  package var parent: ProcessID?
  /// The thread that made it, where that isn't its process's first.
  package var maker: ThreadID?

  package init(call: Call, parent: ProcessID?, maker: ThreadID? = nil) {
    self.call = call
    self.parent = parent
    self.maker = maker
  }
}

/// A program that a process begins to run, as it is when `execve(2)` has succeeded.
package struct Execution: Hashable, Sendable {
  /// The program's file with links resolved: `/proc/PID/exe`. Where a script was executed, its
  /// interpreter.
  package var executable: String
  /// Of an interpreter's file; nil where it is none, or isn't known.
  package var executableIdentity: FileIdentity?
  /// The program's arguments after the kernel has put a script's interpreter in front.
  package var arguments: [String]
  package var workingDirectory: String
  /// What the interpreter's command line names to be run, where it is a Python interpreter's.
  package var script: ScriptFile?
  /// What tells its environment from others, where it is a Python interpreter's.
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

/// What the path in an interpreter's command line led to when the interpreter was started.
package struct ScriptFile: Hashable, Sendable {
  /// Absolute, with `.` and `..` folded and symbolic links kept, as CPython makes `__file__`.
  package var path: String
  /// nil where no such file is there.
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

  /// What the open of a file says of the process: found out once, when the event is made.
  package enum Meaning: String, Hashable, Sendable, CaseIterable {
    /// The process executes code of the user's, or reads a script that a command line names.
    case program
    /// It imports a module that starts workers by spawn or forkserver.
    case starter
    /// It imports the module that forks workers, while it is in its boot window.
    case forkStarter = "fork-starter"
    /// Its boot window ends.
    case endOfBoot = "end-of-boot"
    /// Nothing: it was asked for by `--capture=all`.
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
  /// Its beginning, as far as the tracer reads it: at least what a traceback of a few dozen frames
  /// takes.
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
  /// The processes of the tree that it is for.
  package var targets: [ProcessID]

  package init(signal: Int32, targets: [ProcessID]) {
    self.signal = signal
    self.targets = targets
  }
}

/// A signal on its way into a process.
package struct SignalDelivery: Hashable, Sendable {
  package var signal: Int32
  /// Who sent it by `kill`, `tgkill` or `sigqueue`; nil where the kernel did.
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
