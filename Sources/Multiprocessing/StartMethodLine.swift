internal import Bytes
internal import TraceModel

/// A line of a program that chooses a start method: `set_start_method("spawn")`,
/// `get_context("spawn")` (Lib/multiprocessing/context.py, since 3.4).
package enum StartMethodLine {
  /// Whether a text may have such a line.
  package static func isPossible(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.contains("set_start_method(") || bytes.contains("get_context(")
  }

  /// Whether a line, trimmed, names a method, and isn't a comment.
  package static func choosesMethod(_ line: String) -> Bool {
    guard !line.hasPrefix("#") else { return false }
    return methods.contains { line.contains("\"\($0)\"") || line.contains("'\($0)'") }
  }

  private static let methods = [
    StartMethod.fork, .spawn, .forkserver,
  ].map(\.rawValue)
}
