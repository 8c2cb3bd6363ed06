/// The purpose of a process.
package enum Role: String, Hashable, Sendable, CaseIterable {
  case main
  case spawnWorker = "spawn-worker"
  case forkWorker = "fork-worker"
  case forkserver
  case forkserverWorker = "forkserver-worker"
  case resourceTracker = "resource-tracker"
  /// Another Python, started as a program.
  case subprocess
  case shell
  case other

  /// Whether the process is a worker that runs its parent's script again.
  package var isReexecutingWorker: Bool {
    self == .spawnWorker || self == .forkserverWorker
  }
}
