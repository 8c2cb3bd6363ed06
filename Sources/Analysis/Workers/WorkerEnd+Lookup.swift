internal import Multiprocessing
internal import TraceModel

extension WorkerEnd {
  /// Whether the worker did not find what it was to run, although it has the module: its copy of
  /// main, or another one. Where main isn't imported again, no name of it can be there.
  func isFailedLookup(in forest: ProcessForest) -> Bool {
    guard case .exception(let traceback) = reason, let lookup = traceback.failedLookup else {
      return false
    }
    return lookup.module != MainModule.name || forest[process].role == .forkWorker
  }
}
