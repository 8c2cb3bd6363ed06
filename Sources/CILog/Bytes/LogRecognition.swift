/// What the beginning of a file is, as far as a reader of logs must know.
package enum LogRecognition: Hashable, Sendable {
  case text
  /// Text that isn't a log: a patch, a program's source.
  case document
  case binary

  /// - Parameter beginning: Some kilobytes; all of a shorter file.
  package init(_ beginning: some Collection<UInt8>) {
    let bytes = Array(beginning.prefix(8192))
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      self = .text
      return
    }
    // Escapes, bells and form feeds belong to logs; NULs and other control characters don't.
    let odd = bytes.count { $0 < 0x20 && !Self.controls.contains($0) || $0 == 0x7F }
    if bytes.contains(0) || odd * 50 > bytes.count {
      self = .binary
      return
    }
    self = Self.isDocument(bytes) ? .document : .text
  }

  /// Backspace, tab, line feed, vertical tab, form feed, carriage return, bell, escape.
  private static let controls: Set<UInt8> = [7, 8, 9, 10, 11, 12, 13, 27]

  private static func isDocument(_ bytes: [UInt8]) -> Bool {
    let lines = bytes.split(separator: 0x0A, maxSplits: 60, omittingEmptySubsequences: true)
    guard let first = lines.first.map({ String(decoding: $0, as: UTF8.self) }) else { return false }
    for head in ["diff --git ", "--- a/", "Index: ", "#!/usr/bin/env python", "#!/usr/bin/python"]
    where first.hasPrefix(head) { return true }
    if first.hasPrefix("From "), first.contains("Mon Sep 17 00:00:00 2001") { return true }
    for line in lines.prefix(60) {
      let text = String(decoding: line, as: UTF8.self)
      if text.hasPrefix("#") || text.hasPrefix("//") || text.hasPrefix("\r") { continue }
      return startsCode(text)
    }
    return false
  }

  /// Whether the first line that is no comment is a program's.
  private static func startsCode(_ line: String) -> Bool {
    let words = line.split(separator: " ", maxSplits: 3)
    switch words.first {
    case "import", "package", "internal", "public", "@testable":
      return words.count > 1 && words.count < 4
    case "from": return words.count == 4 && words[2] == "import"
    case "def", "class", "struct", "func", "enum", "extension":
      return line.hasSuffix(":") || line.hasSuffix("{")
    default: return line.hasPrefix("\"\"\"") || line.hasPrefix("'''")
    }
  }
}
