internal import Bytes
internal import TraceModel

/// A frame that goes on in the next line: a console wraps it at its width, or its path has a line
/// end.
struct WrappedFrame: Sendable {
  private enum Open: Sendable {
    /// The path, from its first quote on.
    case path(String, isWrapped: Bool)
    case name(FrameLine)
  }

  enum Continuation: Sendable {
    case none
    /// The frame, and whether the line belongs to it.
    case frame(FrameLine, isWholeLine: Bool)
    /// The line belongs to the frame, which goes on.
    case open
  }

  private var open: Open?
  private var line = 0
  private var prefix = LinePrefix()

  /// The narrowest console that wraps.
  private static let narrowest = 79

  private static func isAtEdge(_ width: Int) -> Bool {
    width == narrowest || width == narrowest + 1
  }

  /// Keeps a frame that ends where a console wraps.
  mutating func keep(
    _ frame: FrameLine, of text: UnsafeRawBufferPointer, _ prefix: LinePrefix, line: Int
  ) -> Bool {
    guard frame.end == text.count, !frame.isInnermostFirst,
      Self.isAtEdge(text.count - (prefix.end(in: text) ?? 0))
    else { return false }
    (open, self.line, self.prefix) = (.name(frame), line, prefix)
    return true
  }

  /// Keeps a path without its end.
  mutating func keepPath(
    _ text: UnsafeRawBufferPointer, from start: Int, _ prefix: LinePrefix, line: Int
  ) {
    let width = text.count - (prefix.end(in: text) ?? 0)
    let path = UnsafeRawBufferPointer(rebasing: text[start...])
    open = .path(String(decoding: path, as: UTF8.self), isWrapped: width >= Self.narrowest)
    (self.line, self.prefix) = (line, prefix)
  }

  /// Keeps a frame that a console has wrapped behind its path.
  mutating func keepWrapped(
    _ text: UnsafeRawBufferPointer, _ prefix: LinePrefix, line: Int
  ) -> Bool {
    let start = prefix.end(in: text) ?? 0
    guard Self.isAtEdge(text.count - start),
      FrameLine.position(of: "  File \"", in: text, from: start) == start
    else { return false }
    keepPath(text, from: start + 8, prefix, line: line)
    return true
  }

  /// Reads the next line.
  mutating func goOn(_ text: UnsafeRawBufferPointer, line: Int) -> Continuation {
    guard let open else { return .none }
    self.open = nil
    let start = prefix.end(in: text) ?? min(prefix.bytes.count, text.count)
    let rest = UnsafeRawBufferPointer(rebasing: text[start...])
    switch open {
    case .name(var frame):
      let name = FrameLine.name(rest)
      guard line - self.line == 1, !name.isEmpty, name.count == rest.count, name.count < 40,
        ExceptionLine.text(rest) == nil
      else { return .frame(frame, isWholeLine: false) }
      frame.frame.function += String(decoding: name, as: UTF8.self)
      return .frame(frame, isWholeLine: true)
    case .path(let path, let isWrapped):
      guard line - self.line == 1, path.utf8.count < FrameLine.longestPath else { return .none }
      return goOn(
        path + (isWrapped ? "" : "\n"), String(decoding: rest, as: UTF8.self), isWrapped, line)
    }
  }

  private mutating func goOn(
    _ path: String, _ rest: String, _ isWrapped: Bool, _ line: Int
  ) -> Continuation {
    var end: Int?
    let joined = Array(("File \"" + path + rest).utf8)
    let frame = joined.withUnsafeBytes { FrameLine.find(in: $0, from: 0, open: &end) }
    if let frame { return .frame(frame, isWholeLine: true) }
    guard end != nil, !rest.isEmpty, !rest.hasPrefix("    ") else { return .none }
    open = .path(path + rest, isWrapped: isWrapped)
    self.line = line
    return .open
  }

  /// The frame that is still open when the log ends, if it has a name.
  mutating func finish() -> FrameLine? {
    guard case .name(let frame) = open else { return nil }
    open = nil
    return frame
  }
}
