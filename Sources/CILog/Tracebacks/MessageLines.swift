internal import Bytes

/// Distinguishes the message of a refused start from other texts with its words.
struct MessageLines: Sendable {
  enum Verdict: Hashable, Sendable {
    case message
    /// The message, if there are frames for it: torn lines.
    case messageOfFrames
    /// The message, if its second line follows: the exception's name isn't there.
    case messageIfContinued
    case quotation
  }

  /// The last line with the exception's name alone.
  private var lastName = -1000
  /// The last line that has the name in any way: torn lines mix it with others.
  private var lastNear = -1000
  /// The last line that shows the statement which raises it.
  private var lastRaise = -1000
  private var lastMessage = -1000

  /// How far the message may be from the exception's name, in lines.
  private static let reach = 12

  /// Whether a line is one of the message's, or near.
  func isNear(_ line: Int) -> Bool { line - lastMessage <= 2 * Self.reach }

  /// Reads a line with the exception's name. Returns what stands before it, if it stands alone.
  mutating func readName(_ text: UnsafeRawBufferPointer, line: Int) -> LinePrefix? {
    guard let range = text.range(of: "RuntimeError") else { return nil }
    let prefix = LinePrefix(text[..<range.lowerBound])
    let rest = text[range.upperBound...]
    if rest.first == UInt8(ascii: "(") {
      lastRaise = line
      return nil
    }
    guard !prefix.isQuotation else { return nil }
    lastNear = line
    guard rest.first == UInt8(ascii: ":"),
      rest.dropFirst().allSatisfy({ $0 <= 0x20 || $0 == 0x7C || $0 == 0x27 })
    else { return nil }
    lastName = line
    return prefix
  }

  /// Reads a line with the message's first words at an index.
  ///
  /// - Parameters:
  ///   - prefix: Where the line's text begins.
  ///   - hasFrames: Whether a traceback is open.
  mutating func read(
    _ text: UnsafeRawBufferPointer, at start: Int, from prefix: Int, line: Int, hasFrames: Bool
  ) -> Verdict {
    let before = prefix <= start ? Array(text[prefix..<start])[...].trimmed : []
    // loky's message begins in the exception's line (loky/backend/spawn.py).
    if before.elementsEqual("RuntimeError:".utf8) {
      lastMessage = line
      return .messageOfFrames
    }
    guard before.isEmpty || Self.isMark(before) else { return .quotation }
    let verdict: Verdict
    if line - lastName <= Self.reach {
      verdict = .message
    } else if line - lastNear <= Self.reach || line - lastRaise > 3 && hasFrames {
      verdict = .messageOfFrames
    } else if line - lastRaise > 3, start - prefix >= 8, Self.endsWithPhrase(text, start) {
      verdict = .messageIfContinued
    } else {
      return .quotation
    }
    lastMessage = line
    return verdict
  }

  private static func endsWithPhrase(_ text: UnsafeRawBufferPointer, _ start: Int) -> Bool {
    let end = start + BootstrapMessage.phrase.utf8CodeUnitCount
    return end <= text.count && text[end...].allSatisfy { $0 <= 0x20 }
  }

  /// pytest's mark of an exception's lines, or a bar.
  private static func isMark(_ text: ArraySlice<UInt8>) -> Bool {
    text.count <= 2 && text.allSatisfy { $0 == UInt8(ascii: "E") || $0 == UInt8(ascii: "|") }
  }
}
