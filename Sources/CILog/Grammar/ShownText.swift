internal import Bytes

/// The parts of a log that show a text and were not printed by the job's programs: a commit's message
/// in `git log`, a here-document that a shell repeats.
struct ShownText: Sendable {
  private enum Kind: Hashable {
    /// Indented by four spaces, below `commit` and `Author:`.
    case message
    /// Behind `> `, until a word.
    case document([UInt8])
  }

  private var kind: Kind?
  private var prefix = LinePrefix()
  /// Whether the line before has been `commit HASH`.
  private var isCommit = false

  private static let longestWord = 64

  /// Whether a line belongs to such a text.
  mutating func read(_ line: UnsafeRawBufferPointer, _ markers: Markers) -> Bool {
    let hadCommit = isCommit
    isCommit = markers.has(.commit) && isHead(line) || hadCommit && line.contains("Merge: ")
    if hadCommit, markers.has(.author) {
      kind = .message
      return false
    }
    if markers.has(.document), markers.has(.groupRun), let word = Self.word(line) {
      kind = .document(word)
      return false
    }
    switch kind {
    case nil: return false
    case .message: return readMessage(line)
    case .document(let word): return readDocument(line, word)
    }
  }

  /// `commit 2f1e...`, with a stamp before it, and names behind it.
  private mutating func isHead(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let range = line.range(of: "commit ") else { return false }
    let hash = line[range.upperBound...].prefix { byte in
      byte.decimalDigit != nil || (0x61...0x66).contains(byte)
    }
    let rest = line[hash.endIndex...].first ?? 0x20
    guard (3...64).contains(hash.count), rest == 0x20 || rest == 0x0D else { return false }
    prefix = LinePrefix(line[..<range.lowerBound])
    return true
  }

  private mutating func readMessage(_ line: UnsafeRawBufferPointer) -> Bool {
    let rest = line[(prefix.end(in: line) ?? 0)...]
    if rest.allSatisfy({ $0 == 0x20 }) || rest.starts(with: "    ".utf8) { return true }
    // Further lines of the head: `Date:`, `Commit:`.
    let name = rest.prefix { $0 > 0x40 && $0 < 0x7B }
    if !name.isEmpty, rest.dropFirst(name.count).starts(with: ": ".utf8) { return false }
    kind = nil
    return false
  }

  private mutating func readDocument(_ line: UnsafeRawBufferPointer, _ word: [UInt8]) -> Bool {
    let rest = line[(prefix.end(in: line) ?? 0)...]
    guard rest.first == UInt8(ascii: ">") else {
      kind = nil
      return false
    }
    let text = rest.dropFirst().drop { $0 == 0x20 || $0 == 0x09 }
    if text.elementsEqual(word) { kind = nil }
    return true
  }

  /// The word that ends the document of a repeated command: `+ cat > x <<'EOF'`.
  private static func word(_ line: UnsafeRawBufferPointer) -> [UInt8]? {
    guard let range = line.range(of: "<<") else { return nil }
    let rest = line[range.upperBound...].drop { "-'\"\\ ".utf8.contains($0) }
    let word = rest.prefix { byte in
      (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x5F
        || byte.decimalDigit != nil
    }
    return (1...longestWord).contains(word.count) ? Array(word) : nil
  }
}
