internal import TraceModel

/// What a worker has written to standard error while it was prepared, and what it tells of a refused
/// start.
///
/// CPython 3.6 and 3.13 write the traceback in a few pieces, 3.7 to 3.12 in many, unittest in one; the
/// shortest ones are not seen.
struct TracebackText: Sendable {
  /// What is kept: the end, because an exception's own line is behind its frames.
  private static let limit = 65_536
  /// The message of `_check_not_importing_main` (Lib/multiprocessing/spawn.py, 3.4 to 3.15).
  private static let phrase = "An attempt has been made to start a new process before the"
  /// Who says so; its frame is in the traceback, and in nothing that a program says by itself.
  private static let speaker = "_check_not_importing_main"

  private var text = ""

  mutating func append(_ more: String) {
    text += more
    if text.utf8.count > Self.limit {
      text = String(decoding: text.utf8.suffix(Self.limit), as: UTF8.self)
    }
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
  private static func frames(in text: Substring) -> [PythonFrame] {
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
