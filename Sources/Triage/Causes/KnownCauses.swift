internal import Bytes
package import Input

/// Causes that people have written down: a line for each, with its fingerprint, a ticket, and a note.
/// A line that begins with `#` is a comment.
package struct KnownCauses: Sendable {
  private var entries: [String: KnownCause] = [:]

  package init(_ text: some Collection<UInt8>) {
    for line in String(exactly: text).split(whereSeparator: \.isNewline) {
      let words = line.split(maxSplits: 2, whereSeparator: { $0 == " " || $0 == "\t" })
      guard words.count > 1, words[0].hasPrefix("v") else { continue }
      entries[String(words[0])] = KnownCause(
        ticket: String(words[1]), note: words.count > 2 ? String(words[2]) : "")
    }
  }

  /// What is known of a cause; nil if nothing is. The names that its inputs give it count, too.
  package subscript(cause: Cause) -> KnownCause? {
    if entries.isEmpty { return nil }
    return entries[cause.fingerprint]
      ?? cause.accounts.keys.compactMap(\.fingerprint).sorted { $0.precedes($1) }.lazy
      .compactMap { entries[$0] }.first
  }
}

extension KnownCauses {
  /// Reads a file of at most 4 MiB.
  package init(atPath path: String) throws(InputError) {
    self.init(try PositionedFile(path: path).bytes(at: 0, count: 4 << 20))
  }
}
