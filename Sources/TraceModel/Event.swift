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
  /// The stack of the process's first thread at that moment, if another thread did it and a rule can
  /// use it: a worker's first thread may be importing main. It ran on while it was read, so only the
  /// frames are there that were the same in two readings.
  package var mainStack: StackReading?
  /// The same thread's native stack with the Python frames in between, if the Python stack alone
  /// doesn't show enough.
  package var nativeStack: MixedStack?

  package init(
    sequence: UInt64, time: TraceTime, process: ProcessID, thread: ThreadID, kind: Kind,
    stack: StackReading? = nil, mainStack: StackReading? = nil, nativeStack: MixedStack? = nil
  ) {
    self.sequence = sequence
    self.time = time
    self.process = process
    self.thread = thread
    self.kind = kind
    self.stack = stack
    self.mainStack = mainStack
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
    /// A thread of a worker is about to end in the middle of its work.
    case dying(Dying)
    /// A process that made a Pool waits for a job whose worker has died, or it doesn't.
    case awaited(JobWait)
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
