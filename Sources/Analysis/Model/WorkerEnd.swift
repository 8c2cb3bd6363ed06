package import Multiprocessing
package import TraceModel

/// The end of a worker that should not have ended in this way.
package struct WorkerEnd: Hashable, Sendable {
  package enum Phase: Hashable, Sendable {
    /// In its boot window: it had not been seen to be ready.
    case boot
    case task
  }

  package enum Reason: Hashable, Sendable {
    /// An uncaught exception, with its traceback.
    case exception(Traceback)
    /// A signal, with the process of the tree that sent it, if one did.
    case signal(Int32, sender: Int?)
    /// A call that ends the worker itself: `sys.exit`, `os._exit`.
    case exit(Int32)
  }

  package var process: Int
  package var phase: Phase
  package var reason: Reason
  /// The pid of the process that sent the signal.
  package var senderID: ProcessID?
  /// The line that sent the signal, if a process of the tree did.
  package var senderPlace: SourceLocation?
  /// The number of the Pool's job that it had in its hands.
  package var job: Int?
  /// How many processes of its cgroup the kernel had ended, since the run began, because memory ran
  /// out; nil if that isn't known, or SIGKILL didn't end it.
  package var outOfMemoryKills: Int?
  /// Whether another process was entitled to end it in this way: only what it had in its hands is
  /// missed.
  package var isExcused = false
  /// The stack where the exception was raised, the signal came or the process ended, innermost
  /// first, paths absolute.
  package var stack: [PythonFrame] = []
  package var nativeStack: MixedStack?
  /// The statement that caused the end; nil if it isn't known.
  package var culprit: SourceLocation?
  /// The place where the worker was asked for.
  package var site: StartSite?
  /// If it ended in its boot window by an exit: what is known of that.
  package var exit: BootExit?
  /// If it did not find by its name what it was to run: where that is defined.
  package var definition: SourceDefinition?
  /// Whether it could be seen that the exception wasn't caught.
  package var isCertain = true

  package init(process: Int, phase: Phase, reason: Reason) {
    self.process = process
    self.phase = phase
    self.reason = reason
  }

  /// The facts that are the same for workers that die for one cause.
  struct Cause: Hashable, Sendable {
    var phase: Phase
    var reason: String
    var path: String?
    var line: Int?
  }

  /// What is the same for the same death in other versions of Python, beside the places:
  /// `unittest.main()` exits with 5 since 3.12 if there was no test, and with 0 before.
  var circumstance: String {
    let name = if case .exit = reason { "exit" } else { cause.reason }
    return name + (phase == .boot ? " at boot" : "")
  }

  var cause: Cause {
    let name =
      switch reason {
      case .exception(let traceback): traceback.exception
      case .signal(let signal, _): "signal \(signal)"
      case .exit(let status): "exit \(status)"
      }
    return Cause(phase: phase, reason: name, path: culprit?.path, line: culprit?.line)
  }
}
