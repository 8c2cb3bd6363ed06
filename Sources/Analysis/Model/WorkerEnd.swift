package import Multiprocessing
package import TraceModel

/// How a worker ended that was not to end so.
package struct WorkerEnd: Hashable, Sendable {
  package enum Phase: Hashable, Sendable {
    /// In its boot window: it had not been seen to be ready.
    case boot
    case task
  }

  package enum Reason: Hashable, Sendable {
    /// An exception that nobody caught, as its traceback tells.
    case exception(Traceback)
    /// A signal; the process of the tree that sent it, where one did.
    case signal(Int32, sender: Int?)
    /// It called for its end itself: `sys.exit`, `os._exit`.
    case exit(Int32)
  }

  package var process: Int
  package var phase: Phase
  package var reason: Reason
  /// The process that sent the signal, as the kernel numbers it.
  package var senderID: ProcessID?
  /// Innermost first, paths absolute: where the exception was raised, where the signal came.
  package var stack: [PythonFrame] = []
  package var nativeStack: MixedStack?
  /// The statement that did it; nil where nothing seen tells.
  package var culprit: SourceLocation?
  /// Where the worker was asked for.
  package var site: StartSite?
  /// Whether it could be seen that nobody caught the exception.
  package var isCertain = true

  package init(process: Int, phase: Phase, reason: Reason) {
    self.process = process
    self.phase = phase
    self.reason = reason
  }

  /// What is the same for workers that die for one cause.
  struct Cause: Hashable, Sendable {
    var phase: Phase
    var reason: String
    var path: String?
    var line: Int?
  }

  /// What is the same for the same death on other machines, beside the frames.
  var fingerprintText: String {
    cause.reason + (phase == .boot ? " at boot" : "")
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
