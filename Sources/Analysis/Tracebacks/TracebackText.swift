internal import TraceModel

/// What a process has written of tracebacks to standard error, and what they tell.
///
/// CPython 3.6 and 3.13 write a traceback in a few pieces, 3.7 to 3.12 in many, unittest in one.
struct TracebackText: Sendable {
  /// What is kept: the end, because an exception's own line is behind its frames.
  private static let limit = 65_536
  /// The message of `_check_not_importing_main` (Lib/multiprocessing/spawn.py, 3.4 to 3.15).
  private static let phrase = "An attempt has been made to start a new process before the"
  /// Who says so; its frame is in the traceback, and in nothing that a program says by itself.
  private static let speaker = "_check_not_importing_main"

  private var text = ""

  mutating func append(_ more: String) {
    text += Self.withoutColours(more)
    if text.utf8.count > Self.limit {
      text = String(decoding: text.utf8.suffix(Self.limit), as: UTF8.self)
    }
  }

  /// The last traceback, where its exception is told.
  var last: Traceback? { Traceback.all(in: text).last }

  /// Each whose exception is told, in the order of the text: an exception's predecessors have their own.
  var all: [Traceback] { Traceback.all(in: text) }

  /// Whether a text stands in it.
  func contains(_ part: String) -> Bool {
    var rest = text.utf8[...]
    guard let first = part.utf8.first else { return true }
    while let start = rest.firstIndex(of: first) {
      rest = rest[start...]
      if rest.starts(with: part.utf8) { return true }
      rest = rest.dropFirst()
    }
    return false
  }

  /// Whether the text stops at a line's end.
  var isAtLineEnd: Bool { text.utf8.last == 0x0A }

  /// CPython 3.13 and later colour what they write to a terminal (Lib/_colorize.py): `ESC [ 1;35 m`.
  private static func withoutColours(_ text: String) -> String {
    guard text.utf8.contains(0x1B) else { return text }
    var result: [UInt8] = []
    var isEscape = false
    for byte in text.utf8 {
      if byte == 0x1B {
        isEscape = true
      } else if !isEscape {
        result.append(byte)
      } else if (0x40...0x7E).contains(byte), byte != UInt8(ascii: "[") {
        isEscape = false
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// A start that CPython has refused, as its traceback tells.
  struct Refusal {
    /// Innermost first, with the program's text where it was printed. Where somebody has caught the
    /// exception, only the frames within that are in it.
    var frames: [PythonFrame]
    /// Whether it has the frame of the function that refuses.
    var isWhole: Bool

    /// Whether it has the frame that runs the parent's main module again.
    var tellsPreparation: Bool {
      frames.contains { StartAttempt.preparations.contains($0.function) }
    }
  }

  /// nil where nothing was refused, or nobody has told of it.
  var refusal: Refusal? {
    guard let end = text.firstRange(of: Self.phrase)?.lowerBound else { return nil }
    let before = text[..<end]
    // An exception's predecessors have tracebacks of their own in front.
    let begin = before.ranges(of: "Traceback (most recent call last)").last?.upperBound
    let frames = Self.frames(in: before[(begin ?? before.startIndex)...])
    return Refusal(
      frames: frames.reversed(),
      isWhole: frames.contains { $0.function == Self.speaker })
  }

  /// The lines `File "PATH", line N, in NAME` with the program's line below; a path may have line ends
  /// of its own.
  static func frames(in text: Substring) -> [PythonFrame] {
    var frames: [PythonFrame] = []
    var rest = text
    while let head = rest.firstRange(of: "File \""),
      let middle = rest[head.upperBound...].firstRange(of: "\", line ")
    {
      let path = String(rest[head.upperBound..<middle.lowerBound])
      rest = rest[middle.upperBound...]
      let digits = rest.prefix { $0.isNumber }
      rest = rest.dropFirst(digits.count)
      var function = "<module>"
      if rest.hasPrefix(", in ") {
        let name = rest.dropFirst(5).prefix { $0 != "\n" }
        function = String(name)
        rest = rest[name.endIndex...]
      }
      var frame = PythonFrame(path: path, line: Int(digits), function: function)
      let below = rest.drop { $0 == "\n" }.prefix { $0 != "\n" }
      if below.hasPrefix("    ") {
        frame.source = SourceExcerpt(line: String(below.drop { $0 == " " }))
      }
      frames.append(frame)
    }
    return frames
  }
}
