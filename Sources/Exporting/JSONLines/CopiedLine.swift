internal import JSON

/// A line of a recording that is written again.
package enum CopiedLine {
  /// Returns the line with its end. What another tool wrote unescaped, and may not be printed, has
  /// escapes.
  package static func bytes(of line: UnsafeRawBufferPointer) -> [UInt8] {
    JSONEscapes.printable(line) + [UInt8(ascii: "\n")]
  }
}
