internal import Input
internal import Recording

extension ReplayError {
  /// Why one of many inputs can't be read, without its name and without a full stop.
  package var reason: String {
    switch self {
    case .unreadable(_, let error): error.explanation
    case .empty: "it is empty"
    case .unrecognised: "it is neither a recording of spawntrace nor a log of strace"
    case .notRecording: "it is a log of strace"
    case .noHeader: "it has no whole header: nothing of the run was recorded"
    case .newerVersion(_, let error):
      """
      it has version \(error.version) of the format, written by spawntrace \(error.tool); a newer \
      spawntrace than this one (\(Version.current)) reads it
      """
    case .countTable: "it is strace's table of counts (-c), which has no single calls"
    case .folderWithoutLogs: "the folder has no files of strace -ff (NAME.PID)"
    case .severalRuns(_, let count, _): "it has the logs of \(count) runs"
    case .noThreadNumber: "it has no number of a thread at its end"
    case .differentRuns(let one, let other): "\(one) and \(other) are logs of different runs"
    case .noLogs: "none of its files is a log of strace"
    }
  }
}
