internal import Input
internal import Recording
internal import StraceLog

/// Where a log of strace is read from.
enum LogSource {
  /// One file with the lines of all threads.
  case file(Input)
  /// The files of one `strace -ff`, a file a thread.
  case threads(StraceThreadFiles)

  /// Returns the name of a thread's file without the thread's number: what strace was given.
  static func run(ofFile name: String) -> String {
    name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
  }
}
