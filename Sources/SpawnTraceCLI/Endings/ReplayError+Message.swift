internal import Recording
internal import Runs

extension ReplayError {
  /// What is wrong and what can be done about it, in one line.
  var message: String {
    switch self {
    case .unreadable(let path, let error): "cannot read \(path): \(error.explanation)"
    case .empty(let path): "\(path) is empty"
    case .unrecognised(let path):
      """
      \(path) is neither a recording of spawntrace (run --record FILE writes one) nor a log of \
      strace; triage reads JSON reports and the logs of CI jobs
      """
    case .notRecording(let path):
      "\(path) is a log of strace; export reads what run --record writes"
    case .noHeader(let path): "\(path) has no whole header: nothing of the run was recorded"
    case .newerVersion(let path, let error):
      """
      \(path) has version \(error.version) of the format, written by spawntrace \(error.tool); \
      this is spawntrace \(Version.current), which reads versions up to \
      \(RecordingFormat.version): please use a newer one
      """
    case .countTable(let path):
      """
      \(path) is strace's table of counts (-c), which doesn't show single calls; please trace \
      without -c
      """
    case .folderWithoutLogs(let path):
      "\(path) is a folder without files of strace -ff (NAME.PID)"
    case .severalRuns(let path, let count, let first):
      """
      \(path) has the logs of \(count) runs; please name one: spawntrace replay \(path)/\(first).*
      """
    case .noThreadNumber(let path):
      """
      several files are read as those of one strace -ff, and \(path) has no number of a thread \
      at its end; to read many runs, replay them one by one
      """
    case .differentRuns(let one, let other): "\(one) and \(other) are logs of different runs"
    case .noLogs(let name): "none of \(name) is a log of strace"
    }
  }
}
