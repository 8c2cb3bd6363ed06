internal import Multiprocessing
internal import TraceModel

extension WorkerEnd {
  /// Whether the worker did not find what it was to run, although it has the module: its copy of
  /// main, or another one; or because main has no file that it could import, as after `python -c`.
  /// Where main has a file that isn't imported again, no name of it can be there.
  func isFailedLookup(in forest: ProcessForest) -> Bool {
    guard case .exception(let traceback) = reason, let lookup = traceback.failedLookup else {
      return false
    }
    guard lookup.module == MainModule.name, forest[process].role != .forkWorker else { return true }
    return forest[process].logicalParent.map { forest[$0].script == nil } ?? false
  }
}
