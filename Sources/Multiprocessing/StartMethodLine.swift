internal import Bytes
internal import TraceModel

/// A line of a program that chooses a start method: `set_start_method("spawn")`,
/// `get_context("spawn")` (Lib/multiprocessing/context.py, since 3.4).
package enum StartMethodLine {
  /// Whether a text may have such a line.
  private static func isPossible(_ bytes: UnsafeRawBufferPointer) -> Bool {
    bytes.contains("set_start_method(") || bytes.contains("get_context(")
  }

  /// The numbers of the lines that choose a method, from 1, at most `limit` of them. What only a
  /// string or a comment says is none.
  package static func numbers(in source: [UInt8], limit: Int) -> [Int] {
    guard source.withUnsafeBytes(isPossible) else { return [] }
    let lines = LogicalLines.of(source).lazy.filter { line in
      let code = Array(line.code.utf8)
      return code.withUnsafeBytes(isPossible)
        && methods.contains { line.code.contains("\"\($0)\"") || line.code.contains("'\($0)'") }
    }
    return lines.prefix(limit).map(\.number)
  }

  private static let methods = [
    StartMethod.fork, .spawn, .forkserver,
  ].map(\.rawValue)
}
