package import Multiprocessing
internal import TraceModel

/// The change that one event made in the run: rules judge it.
package struct Change: Sendable {
  /// The number of the process that the event belongs to; 0 for a process that isn't known.
  package let process: Int
  package internal(set) var kinds: Kinds
  /// Tracebacks that the process has written and that are whole now: an exception, and what it
  /// caused.
  package internal(set) var tracebacks: [Traceback] = []
  /// Starts of workers that are now known to have launched none.
  var failedStarts: [FailedStart] = []
  /// The end of the process, if it is a worker that should not have ended in this way.
  package internal(set) var workerEnd: WorkerEnd?

  init(process: Int, _ kinds: Kinds = []) {
    self.process = process
    self.kinds = kinds
  }

  /// The kinds of changes. A rule names those that it judges, and receives no others.
  package struct Kinds: OptionSet, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
      self.rawValue = rawValue
    }

    /// The process is new.
    package static let began = Kinds(rawValue: 1 << 0)
    /// The process runs another program.
    package static let executed = Kinds(rawValue: 1 << 1)
    /// The process opens the user's code.
    package static let openedProgram = Kinds(rawValue: 1 << 2)
    /// The process imports a module that starts workers by spawn or forkserver.
    package static let openedStarter = Kinds(rawValue: 1 << 3)
    /// The process imports the module that forks workers.
    package static let openedForkStarter = Kinds(rawValue: 1 << 4)
    /// The boot window ends.
    package static let booted = Kinds(rawValue: 1 << 5)
    /// The process has written a text that is worth an event.
    package static let wrote = Kinds(rawValue: 1 << 6)
    /// Tracebacks that it wrote are whole: `tracebacks`.
    package static let raised = Kinds(rawValue: 1 << 7)
    /// The process has ended.
    package static let ended = Kinds(rawValue: 1 << 8)
    /// A survey of all threads begins, goes on or ends.
    package static let surveyed = Kinds(rawValue: 1 << 9)
    /// Starts of workers have launched none: `failedStarts`.
    package static let startFailed = Kinds(rawValue: 1 << 11)
    /// The event has the Python stack of the thread that did it.
    package static let withStack = Kinds(rawValue: 1 << 10)
    /// The process waits for a job whose worker has died, or it doesn't.
    package static let awaited = Kinds(rawValue: 1 << 11)
  }
}
