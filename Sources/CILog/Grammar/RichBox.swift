internal import Bytes
internal import TraceModel

/// Reads the box that rich draws around a traceback (rich/traceback.py, 10 to 14): frames as
/// `PATH:N in F`, wrapped at the box's width, and the program's text with a mark at its line.
struct RichBox: Sendable {
  enum Event: Hashable, Sendable {
    case frame(PythonFrame)
    case text(String)
    case end
  }

  /// `│`, or `|` where the terminal has no such sign.
  private let bar: [UInt8]
  private var paragraph: [String] = []
  /// The box of local variables inside of this one.
  private var isInLocals = false
  private var lines = 0

  private static let line: [UInt8] = [0xE2, 0x94, 0x82]
  private static let lineLimit = 20_000
  private static let paragraphLimit = 64

  /// Reads a box's upper edge, by the line that has the traceback's head; nil if there is none.
  init?(head: UnsafeRawBufferPointer) {
    guard let start = head.range(of: "Traceback (most")?.lowerBound else { return nil }
    let before = head[..<start]
    if before.suffix(4).elementsEqual([0xE2, 0x94, 0x80, 0x20]) {
      bar = Self.line
    } else if before.suffix(4).elementsEqual("--- ".utf8), before.contains(UInt8(ascii: "+")) {
      bar = [UInt8(ascii: "|")]
    } else {
      return nil
    }
  }

  /// Begins at a frame's line within a box, if the log lacks its head.
  init?(inside line: UnsafeRawBufferPointer) {
    bar = Self.line
    let text = String(decoding: UnsafeRawBufferPointer(rebasing: line.prefix(1_024)), as: UTF8.self)
    guard let content = content(text), Self.frame(content) != nil else { return nil }
  }

  mutating func read(_ line: UnsafeRawBufferPointer) -> [Event] {
    lines += 1
    let text = String(decoding: line, as: UTF8.self)
    if lines > Self.lineLimit { return [.end] }
    guard let content = content(text) else {
      let isEdge = text.contains("╰") || text.contains("+---")
      return isEdge || lines > 3 && paragraph.isEmpty ? flushed() + [.end] : []
    }
    if content.hasPrefix("╭") || content.hasPrefix("+-") { isInLocals = true }
    if content.hasPrefix("╰") || isInLocals && content.hasSuffix("-+") {
      isInLocals = false
      return []
    }
    if isInLocals { return [] }
    if content.isEmpty { return flushed() }
    if let source = Self.markedText(content) { return flushed() + [.text(source)] }
    if Self.isNumbered(content) { return flushed() }
    var events: [Event] = []
    // A frame without a file stands in a line of its own.
    if content.hasPrefix("in "), Self.frame(content) != nil { events = flushed() }
    if paragraph.count < Self.paragraphLimit { paragraph.append(content) }
    return events
  }

  /// What is between the bars, without spaces around it.
  private func content(_ text: String) -> String? {
    let sign = bar.count == 1 ? "|" : "│"
    guard let first = text.firstRange(of: sign) else { return nil }
    // A console may have padded the line behind the box.
    guard let last = text[first.upperBound...].ranges(of: sign).last,
      text[last.upperBound...].allSatisfy({ !$0.isLetter && !$0.isNumber })
    else { return nil }
    let rest = text[first.upperBound..<last.lowerBound]
    return String(rest.drop { $0 == " " }.trimmedAtEnd)
  }

  /// The frames of a paragraph. Those of packages that a program suppresses stand one below the
  /// other.
  private mutating func flushed() -> [Event] {
    defer { paragraph = [] }
    var frames: [PythonFrame] = []
    var rest = paragraph[...]
    while !rest.isEmpty {
      let found = (1...min(rest.count, Self.frameLines)).lazy
        .compactMap { count in Self.frame(in: rest.prefix(count)).map { ($0, count) } }.first
      guard let (frame, count) = found else {
        // A long name's end.
        if let last = frames.indices.last, rest.count == 1, !rest[rest.startIndex].contains(" ") {
          frames[last].function += rest[rest.startIndex]
        }
        break
      }
      frames.append(frame)
      rest = rest.dropFirst(count)
    }
    return frames.map { .frame($0) }
  }

  private static let frameLines = 8

  /// The frame in some lines, if they are one frame.
  private static func frame(in lines: ArraySlice<String>) -> PythonFrame? {
    // Words wrap at spaces, long paths anywhere.
    for separators in separators(lines.count - 1) {
      var joined = lines[lines.startIndex]
      for (separator, part) in zip(separators, lines.dropFirst()) { joined += separator + part }
      if let frame = frame(joined) { return frame }
    }
    return nil
  }

  private static func separators(_ count: Int) -> [[String]] {
    guard count > 0 else { return [[]] }
    let none = [String](repeating: "", count: count)
    return [none, none.dropLast() + [" "], [" "] + none.dropFirst()]
  }

  /// `PATH:N in F`, or `in F:N` for code without a file.
  private static func frame(_ text: String) -> PythonFrame? {
    if text.hasPrefix("in "), let colon = text.lastIndex(of: ":"),
      let line = Int(text[text.index(after: colon)...])
    {
      let function = String(text[..<colon].dropFirst(3))
      guard !function.contains(" ") else { return nil }
      let isRunpy = function.hasPrefix("run_") || function.hasPrefix("_run_")
      return PythonFrame(
        path: isRunpy ? "<frozen runpy>" : "<string>", line: line, function: function)
    }
    guard let mark = text.ranges(of: " in ").last, mark.lowerBound > text.startIndex else {
      return nil
    }
    let place = text[..<mark.lowerBound]
    let function = String(text[mark.upperBound...])
    guard let colon = place.lastIndex(of: ":"), let line = Int(place[place.index(after: colon)...]),
      line > 0, !function.isEmpty, !function.contains(" "), colon > place.startIndex
    else { return nil }
    return PythonFrame(path: String(place[..<colon]), line: line, function: function)
  }

  /// `❱ 12 │   text`: the text at the frame's line.
  private static func markedText(_ content: String) -> String? {
    guard let mark = ["❱ ", "> ", "\\u2771 "].first(where: { content.hasPrefix($0) }) else {
      return nil
    }
    var rest = content.dropFirst(mark.count).drop { $0 == " " }
    let digits = rest.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return nil }
    rest = rest.dropFirst(digits.count)
    // Guides of indentation.
    return String(rest.drop { $0 == " " || $0 == "│" }.trimmedAtEnd)
  }

  private static func isNumbered(_ content: String) -> Bool {
    let digits = content.prefix { $0.isASCII && $0.isNumber }
    guard !digits.isEmpty else { return content.hasPrefix("...") }
    let next = content.dropFirst(digits.count).first
    return next == nil || next == " "
  }
}

extension Substring {
  fileprivate var trimmedAtEnd: Substring {
    var rest = self
    while rest.last == " " { rest = rest.dropLast() }
    return rest
  }
}
