package import TraceModel

/// What a traceback tells: who raised what, where.
package struct Traceback: Hashable, Sendable {
  /// Innermost first, paths as they were printed, with the program's text where it was.
  package var frames: [PythonFrame]
  /// The exception's class, with its module where that was printed: `ValueError`,
  /// `_pickle.PicklingError`.
  package var exception: String
  /// The first line of what it says; empty where it says nothing.
  package var message: String

  package init(frames: [PythonFrame], exception: String, message: String) {
    self.frames = frames
    self.exception = exception
    self.message = message
  }

  /// The exception in one line, as Python prints it.
  package var summary: String {
    message.isEmpty ? exception : "\(exception): \(message)"
  }
}

extension Traceback {
  private static let head = "Traceback (most recent call last)"

  /// The tracebacks of a text, without those whose exception isn't told.
  static func all(in text: String) -> [Traceback] {
    let heads = text.ranges(of: head)
    return heads.indices.compactMap { index in
      let end = index + 1 < heads.count ? heads[index + 1].lowerBound : text.endIndex
      return Traceback(body: text[heads[index].upperBound..<end])
    }
  }

  private init?(body: Substring) {
    var last: Substring?
    var isInPath = false
    for line in body.split(separator: "\n", omittingEmptySubsequences: true).dropFirst() {
      // Frames, their text and what is marked in it are indented; unittest draws a line below.
      if line.first == " " || isInPath {
        // A path may have line ends of its own.
        isInPath = (isInPath || line.hasPrefix("  File \"")) && !line.contains("\", line ")
        continue
      }
      last = line
      break
    }
    guard let last, let exception = Self.exception(last) else { return nil }
    frames = TracebackText.frames(in: body).reversed()
    self.exception = exception
    let rest = last.dropFirst(exception.count)
    message = rest.hasPrefix(": ") ? String(rest.dropFirst(2)) : ""
  }

  /// The name at the beginning of an exception's line: `pkg.Error: text`, or it alone.
  private static func exception(_ line: Substring) -> String? {
    let name = line.prefix { $0 != ":" && $0 != " " }
    guard let first = name.unicodeScalars.first, first.properties.isXIDStart || first == "_",
      name.count == line.count || line.dropFirst(name.count).hasPrefix(":")
    else { return nil }
    return String(name)
  }
}
