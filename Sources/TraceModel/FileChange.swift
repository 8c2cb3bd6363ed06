internal import Bytes

/// What changes in one file, with the lines around it: all that a unified diff needs.
package struct FileChange: Hashable, Sendable {
  /// A line with its end, which the file's last line may lack.
  package enum Line: Hashable, Sendable {
    case kept(String)
    case removed(String)
    case added(String)

    package var text: String {
      switch self {
      case .kept(let text), .removed(let text), .added(let text): text
      }
    }

    /// Whether the file has the line before the change.
    package var isOld: Bool {
      if case .added = self { false } else { true }
    }

    /// Whether the file has the line after the change.
    package var isNew: Bool {
      if case .removed = self { false } else { true }
    }
  }

  /// Changes that are near each other.
  package struct Hunk: Hashable, Sendable {
    /// The number of the first line before the change, from 1. Lines end with a line feed.
    package var startLine: Int
    package var lines: [Line]

    package init(startLine: Int, lines: [Line]) {
      self.startLine = startLine
      self.lines = lines
    }
  }

  /// Lines that become others.
  package struct Edit: Hashable, Sendable {
    /// From 1.
    package var startLine: Int
    /// Inclusive; `startLine - 1` if nothing goes, and the replacement comes before `startLine`.
    package var endLine: Int
    /// With line ends.
    package var replacement: String
  }

  /// Absolute.
  package var path: String
  /// In the order of their lines, without overlaps.
  package var hunks: [Hunk]
  /// Whether each byte of the file is a character (ISO 8859-1), and not UTF-8. Lines have bytes as
  /// `String(exactly:)` keeps them, whatever the encoding is.
  package var isLatin1: Bool

  package init(path: String, hunks: [Hunk], isLatin1: Bool = false) {
    self.path = path
    self.hunks = hunks
    self.isLatin1 = isLatin1
  }

  /// A line, or an edit's replacement, as characters of the file's encoding.
  package func characters(of text: String) -> String {
    guard isLatin1 else { return text }
    var result = ""
    for byte in text.exactBytes { result.unicodeScalars.append(Unicode.Scalar(byte)) }
    return result
  }

  /// The change without the lines around it.
  package var edits: [Edit] {
    var edits: [Edit] = []
    for hunk in hunks {
      var number = hunk.startLine
      var isOpen = false
      for line in hunk.lines {
        if case .kept = line {
          isOpen = false
        } else {
          if !isOpen {
            edits.append(Edit(startLine: number, endLine: number - 1, replacement: ""))
          }
          isOpen = true
          if line.isNew { edits[edits.count - 1].replacement += line.text }
          if line.isOld { edits[edits.count - 1].endLine += 1 }
        }
        if line.isOld { number += 1 }
      }
    }
    return edits
  }
}
