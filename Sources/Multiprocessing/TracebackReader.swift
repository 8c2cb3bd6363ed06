internal import Bytes
internal import TraceModel

/// Reads the tracebacks in what one process writes to standard error, as the text comes.
///
/// An incremental machine: each byte is examined once, whatever was written before. A process has
/// one reader for every question about its tracebacks: how it ended, whether a start was refused,
/// whether something could not be pickled.
package struct TracebackReader: Sendable {
  /// The beginning of each traceback (Python/traceback.c, Lib/traceback.py).
  static let head: StaticString = "Traceback (most recent call last)"
  /// The beginning of a frame's line.
  static let frame: StaticString = "  File \""

  /// The last traceback that is whole, with its exception.
  package private(set) var last: Traceback?
  /// The first refusal of a start.
  package private(set) var refusal: StartRefusal?
  /// Tracebacks that belong together, in the order of the text: an exception, and those that it
  /// caused.
  package private(set) var chain: [Traceback] = []
  /// Whether a chain is known to be whole, because other text follows it.
  private var isChainOpen = false

  /// The frames since the last head, outermost first.
  private var frames: [PythonFrame] = []
  private var state = State.outside
  /// The beginning of a line without an end yet.
  private var partial: [UInt8] = []

  private enum State: Hashable {
    /// Between tracebacks, or before the first.
    case outside
    /// Behind a head: frames, and then the exception.
    case inFrames
    /// Within a frame's path that has a line end of its own.
    case inPath(String)
  }

  /// The longest line, in bytes.
  private static let lineLimit = 65_536
  /// Python's own limit for one traceback is some 1,000 (Python/traceback.c, PyTraceBack_LIMIT).
  private static let frameLimit = 2_000
  /// How many tracebacks of one chain are kept.
  private static let chainLimit = 32

  package init() {}

  /// Whether a traceback begins in a text.
  package static func begins(in text: String) -> Bool { text.containsBytes(head) }

  /// Adds text that the process has written.
  ///
  /// Returns the tracebacks that are now known to belong together and to be whole; empty if there
  /// are none.
  package mutating func read(_ text: String) -> [Traceback] {
    var finished: [Traceback] = []
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        let piece = UnsafeRawBufferPointer(rebasing: rest[..<end])
        rest = UnsafeRawBufferPointer(rebasing: rest[(end + 1)...])
        if partial.isEmpty {
          read(line: piece, &finished)
        } else {
          keep(piece)
          let line = partial
          partial.removeAll(keepingCapacity: true)
          line.withUnsafeBytes { read(line: $0, &finished) }
        }
      }
      guard !rest.isEmpty else { return }
      let searched = max(0, partial.count - StartRefusal.phrase.utf8CodeUnitCount)
      keep(rest)
      // A program may write the message without a line end.
      let isRefused = partial.withUnsafeBytes { bytes in
        UnsafeRawBufferPointer(rebasing: bytes[min(searched, bytes.count)...])
          .contains(StartRefusal.phrase)
      }
      if isRefused { refuse() }
    }
    return finished
  }

  /// Reads the rest as a whole line, because the process has ended.
  package mutating func finish() -> [Traceback] {
    var finished: [Traceback] = []
    if !partial.isEmpty {
      let line = partial
      partial = []
      line.withUnsafeBytes { read(line: $0, &finished) }
    }
    return finished + closeChain()
  }

  private mutating func keep(_ piece: UnsafeRawBufferPointer) {
    if partial.count + piece.count > Self.lineLimit { partial.removeAll(keepingCapacity: true) }
    partial.append(contentsOf: piece.prefix(Self.lineLimit))
  }

  // MARK: Lines

  private mutating func read(line bytes: UnsafeRawBufferPointer, _ finished: inout [Traceback]) {
    if bytes.contains(0x1B) {
      Self.withoutColours(bytes).withUnsafeBytes { plain(line: $0, &finished) }
    } else {
      plain(line: bytes, &finished)
    }
  }

  private mutating func plain(line: UnsafeRawBufferPointer, _ finished: inout [Traceback]) {
    if line.contains(Self.head) {
      // The traceback of a cause comes before that of the exception it caused, with a sentence
      // between.
      if !isChainOpen { finished += closeChain() }
      frames.removeAll(keepingCapacity: true)
      state = .inFrames
      return
    }
    if line.contains(StartRefusal.phrase) { refuse() }
    switch state {
    case .inPath(let path): finishPath(path, line)
    case .inFrames: readTraceback(line)
    case .outside:
      if line.contains("File \"") { readFrame(line) }
      if !chain.isEmpty { finished += linkOrClose(line) }
    }
  }

  private mutating func readTraceback(_ line: UnsafeRawBufferPointer) {
    if readFrame(line) { return }
    if line.starts(with: "    ".utf8) {
      let text = line.drop { $0 == UInt8(ascii: " ") }
      if let last = frames.indices.last, frames[last].source == nil {
        frames[last].source = SourceExcerpt(line: String(decoding: text, as: UTF8.self))
      }
      return
    }
    // Frames, their text and what is marked in it are indented; unittest draws a line below.
    guard let first = line.first, first != UInt8(ascii: " ") else { return }
    state = .outside
    guard let (exception, message) = Self.exception(String(decoding: line, as: UTF8.self)) else {
      return
    }
    let traceback = Traceback(frames: frames.reversed(), exception: exception, message: message)
    last = traceback
    if chain.count == Self.chainLimit { chain.removeFirst() }
    chain.append(traceback)
    isChainOpen = false
  }

  /// Decides from the line behind an exception's whether the chain goes on.
  private mutating func linkOrClose(_ line: UnsafeRawBufferPointer) -> [Traceback] {
    if line.isEmpty || line.elementsEqual("\"\"\"".utf8) { return [] }
    // Lib/traceback.py, `_cause_message`, `_context_message`.
    if line.contains("The above exception was the direct cause of the following exception:")
      || line.contains("During handling of the above exception, another exception occurred:")
    {
      isChainOpen = true
      return []
    }
    return isChainOpen ? [] : closeChain()
  }

  private mutating func closeChain() -> [Traceback] {
    defer { chain = [] }
    isChainOpen = false
    return chain
  }

  private mutating func refuse() {
    guard refusal == nil else { return }
    refusal = StartRefusal(frames: frames.reversed())
  }

  // MARK: Frames

  /// Reads `File "PATH", line N, in NAME`; false if the line isn't one.
  @discardableResult
  private mutating func readFrame(_ line: UnsafeRawBufferPointer) -> Bool {
    guard let begin = line.range(of: "File \"")?.upperBound else { return false }
    let rest = UnsafeRawBufferPointer(rebasing: line[begin...])
    if let end = rest.range(of: "\", line ") {
      add(String(decoding: rest[..<end.lowerBound], as: UTF8.self), rest[end.upperBound...])
    } else if state == .inFrames {
      state = .inPath(String(decoding: rest, as: UTF8.self) + "\n")
    }
    return true
  }

  private mutating func finishPath(_ path: String, _ line: UnsafeRawBufferPointer) {
    if let end = line.range(of: "\", line ") {
      state = .inFrames
      add(path + String(decoding: line[..<end.lowerBound], as: UTF8.self), line[end.upperBound...])
    } else if path.utf8.count + line.count < 4096 {
      // PATH_MAX (limits.h).
      state = .inPath(path + String(decoding: line, as: UTF8.self) + "\n")
    } else {
      state = .inFrames
    }
  }

  private mutating func add(_ path: String, _ rest: Slice<UnsafeRawBufferPointer>) {
    let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
    let behind = rest.dropFirst(digits.count)
    let marker = ", in ".utf8
    let function =
      behind.starts(with: marker)
      ? String(decoding: behind.dropFirst(marker.count), as: UTF8.self) : "<module>"
    if frames.count == Self.frameLimit { frames.removeFirst(Self.frameLimit / 2) }
    frames.append(
      PythonFrame(
        path: path, line: Int(String(decoding: digits, as: UTF8.self)), function: function))
  }

  // MARK: Texts

  /// The name and the message in an exception's line: `pkg.Error: text`, or the name alone.
  private static func exception(_ line: String) -> (name: String, message: String)? {
    let name = line.prefix { $0 != ":" && $0 != " " }
    let rest = line[name.endIndex...]
    guard let first = name.unicodeScalars.first, first.properties.isXIDStart || first == "_",
      rest.isEmpty || rest.hasPrefix(":")
    else { return nil }
    return (String(name), rest.hasPrefix(": ") ? String(rest.dropFirst(2)) : "")
  }

  /// CPython 3.13 and later colour what they write to a terminal (Lib/_colorize.py): `ESC [ 1;35
  /// m`.
  private static func withoutColours(_ line: UnsafeRawBufferPointer) -> [UInt8] {
    var result: [UInt8] = []
    var isEscape = false
    for byte in line {
      if byte == 0x1B {
        isEscape = true
      } else if !isEscape {
        result.append(byte)
      } else if (0x40...0x7E).contains(byte), byte != UInt8(ascii: "[") {
        isEscape = false
      }
    }
    return result
  }
}
