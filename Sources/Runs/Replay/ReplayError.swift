package import Input
package import Recording

/// Why something can't be replayed.
package enum ReplayError: Error, Hashable {
  /// Nothing of the run could be read.
  case unreadable(path: String, InputError)
  case empty(path: String)
  /// Neither a recording nor a log of strace.
  case unrecognised(path: String)
  /// A log of strace where only a recording will do.
  case notRecording(path: String)
  /// The recording's header is torn or damaged.
  case noHeader(path: String)
  case newerVersion(path: String, RecordingVersionError)
  /// What `strace -c` prints.
  case countTable(path: String)
  /// A folder without files of `strace -ff`.
  case folderWithoutLogs(path: String)
  /// A folder with the files of several runs; the name of the first one.
  case severalRuns(path: String, count: Int, first: String)
  /// One of several files has no thread's number at its end.
  case noThreadNumber(path: String)
  /// Two files have the same thread's number.
  case differentRuns(String, String)
  /// None of several files is a log.
  case noLogs(name: String)
}
