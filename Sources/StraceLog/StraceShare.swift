internal import Bytes

/// How much of an input's beginning is strace's, for inputs that may as well be a job's output with
/// a line that looks like a call.
package struct StraceShare: Hashable, Sendable {
  /// How many of the first 200 lines are about a call, its return, a signal or an end.
  package private(set) var tracedLines = 0
  /// How many of them are about anything else. Empty lines aren't counted.
  package private(set) var otherLines = 0
  /// Whether a line names its thread, as those of `strace -ff` never do.
  package private(set) var namesThreads = false

  package init(_ beginning: [UInt8]) {
    StraceRecognition.forEachLine(of: beginning) { line in
      if StraceRecognition.isTraced(line) {
        tracedLines += 1
        if StraceLine(line)?.thread != nil { namesThreads = true }
      } else if !line.isEmpty, !line.starts(with: "strace: ") {
        otherLines += 1
      }
      return true
    }
  }
}
