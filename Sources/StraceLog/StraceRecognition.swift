internal import Bytes

/// What kind of text an input is, judged by its beginning.
package enum StraceRecognition {
  /// Lines of strace.
  case trace
  /// strace's table of counts (-c), which has no single calls.
  case countTable
  case none

  package init(_ beginning: [UInt8]) {
    var kind = StraceRecognition.none
    Self.forEachLine(of: beginning) { line in
      if line.starts(with: Self.countHeader) { kind = .countTable }
      if case .none = kind, Self.isTraced(line) { kind = .trace }
      if case .none = kind { return true }
      return false
    }
    self = kind
  }

  private static let countHeader: StaticString = "% time     seconds"

  /// Calls `body` with the first 200 lines until it returns false.
  static func forEachLine(of beginning: [UInt8], _ body: (ByteScanner) -> Bool) {
    beginning.withUnsafeBytes { bytes in
      var rest = ByteScanner(bytes)
      var lines = 0
      while lines < 200, !rest.isEmpty {
        let line = rest.read(until: 0x0A) ?? rest
        if line.bytes.count == rest.bytes.count { rest = ByteScanner(.init(start: nil, count: 0)) }
        lines += 1
        guard body(line) else { return }
      }
    }
  }

  /// Whether a line is about a call, its return, a signal or an end.
  static func isTraced(_ line: ByteScanner) -> Bool {
    guard let body = StraceLine(line)?.body else { return false }
    if body.starts(with: "+++ exited with ") || body.starts(with: "+++ killed by ") { return true }
    if body.starts(with: "<... "), body.contains(" resumed>") { return true }
    if body.starts(with: "--- SIG"), body.contains(" ---") { return true }
    var rest = body
    guard let name = rest.read(until: UInt8(ascii: "(")), !name.isEmpty,
      name.bytes.allSatisfy({ $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F })
    else { return false }
    if rest.rest(afterLast: "<unfinished ...>") != nil || rest.contains("strace: Process ") {
      return true
    }
    guard rest.contains(") "), var result = rest.rest(afterLast: " = ") else { return false }
    result.skipSpaces()
    return result.skip("?") || result.skip("-1 E") || result.decimal() != nil
  }
}
