internal import Bytes
internal import TraceModel

/// Turns the lines of a log into the events of tracebacks: which line is a head, a frame, a frame's
/// text, an exception, a message; whatever stands before and behind them.
struct TracebackText: Sendable {
  var lanes = Lanes()
  private(set) var dump = FatalDump()
  private var shown = Quotations()
  var messages = MessageLines()
  private var wrapped = WrappedFrame()
  private var box: RichBox?

  var prefix = LinePrefix()
  /// The number of the name of the last line's writer.
  var writer: Int?
  /// What follows the frames in their lines: a quote, an escaped line end.
  var suffix: [UInt8] = []
  private var function = ExcerptFunction()
  /// The statement that an excerpt marks, for the frame below.
  var marked: String?
  /// A message that counts if the next line goes on with it.
  private var unsureMessage: (line: Int, time: LogTime?)?

  private static let suffixLimit = 8

  var quotations: Int { shown.count }

  // MARK: Lines

  mutating func read(
    _ line: UnsafeRawBufferPointer, _ markers: Markers, number: Int, time: LogTime?,
    openString: UInt8?
  ) {
    if let (message, time) = unsureMessage {
      unsureMessage = nil
      if number - message == 1, line.contains("current process has finished its bootstrapping") {
        lanes.message(line: message, time: time, isSure: true, writer: writer)
      }
    }
    if readContinuation(line, number, time) { return }
    if box != nil, !markers.has(.head) {
      readBox(line, number, time)
      return
    }
    if markers.has(.head), readHead(line, number, openString) { return }
    if markers.has(.boxLine), let found = RichBox(inside: line) {
      box = found
      readBox(line, number, time)
      return
    }
    if shown.hasString(line) { return }
    if markers.has(.fatal) { readFatal(line, number, time) }
    readWriter(line)
    if markers.has(.phrase) || markers.has(.oldPhrase) {
      readMessage(line, number, time)
      return
    }
    if markers.has(.runtimeError), let found = messages.readName(line, line: number) {
      prefix = found
    }
    if markers.has(.file), readFrames(line, number, time) { return }
    if markers.has(.pytestFrame), readPytest(line, number, time) { return }
    readText(line, number, time)
  }

  /// Reads what a test runner's report has between and above its frames; also in lines that belong to
  /// no traceback.
  mutating func readExcerpt(_ line: UnsafeRawBufferPointer, _ markers: Markers) {
    if markers.has(.excerpt) || markers.has(.rule) {
      function.readRule()
      marked = nil
    }
    if markers.has(.rule) { lanes.endReports() }
    if markers.has(.function) { function.read(line) }
  }

  mutating func finish() {
    if let frame = wrapped.finish() { lanes.frame(frame.frame, line: 0, time: nil, Writer()) }
    dump.finish()
    lanes.finish()
  }

  // MARK: Heads

  private mutating func readHead(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ openString: UInt8?
  ) -> Bool {
    guard let start = FrameLine.position(of: "Traceback (most recent call last", in: line, from: 0),
      // What PowerShell says of the first line of standard error.
      FrameLine.position(of: "last)::String)", in: line, from: start) == nil
    else { return false }
    if shown.hasHead(behind: line[..<start], line: number, openString: openString) { return true }
    box = RichBox(head: line)
    if box == nil { prefix = LinePrefix(line[..<start]) }
    suffix = []
    writer = lanes.writers.add(LinePrefix(line[..<start]))
    lanes.head(line: number, Writer(name: writer))
    return true
  }

  private mutating func readFatal(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) {
    if let range = line.range(of: "Fatal Python error") {
      let before = LinePrefix(line[..<range.lowerBound])
      guard !before.isQuotation else { return }
      prefix = before
      let text = UnsafeRawBufferPointer(rebasing: line[range.lowerBound...].prefix(500))
      dump.begin(String(decoding: text, as: UTF8.self), line: number, time: time)
    } else if line.contains("C stack trace (most recent call first)") {
      dump.nativeFrames(line: number)
    } else if line.contains("(most recent call first)") {
      dump.thread(isCurrent: line.contains("Current thread"), line: number)
    }
  }

  // MARK: Frames

  private mutating func readFrames(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) -> Bool {
    var index = 0
    var open: Int?
    var found = false
    while let frame = FrameLine.find(in: line, from: index, open: &open) {
      let before = line[index..<frame.start]
      if !found {
        if shown.hasFrame(behind: before, line: number) { return true }
        readTextBefore(line, frame.start, number)
        writer = lanes.writers.add(Self.prefix(line, frame.start))
        adopt(line, frame.start)
      }
      found = true
      index = frame.end
      if wrapped.keep(frame, of: line, prefix, line: number) { return true }
      add(frame, number, time)
    }
    if let open, open >= index {
      adopt(line, open - 6)
      wrapped.keepPath(line, from: open, prefix, line: number)
      return true
    }
    guard found else { return wrapped.keepWrapped(line, prefix, line: number) }
    readTail(line[index...], number)
    return true
  }

  private mutating func add(_ frame: FrameLine, _ number: Int, _ time: LogTime?) {
    if frame.isInnermostFirst {
      dump.frame(frame.frame, line: number)
      return
    }
    lanes.frame(frame.frame, line: number, time: time, Writer(name: writer))
  }

  /// Goes on with a frame that the line before has begun; whether the line is its.
  private mutating func readContinuation(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) -> Bool {
    switch wrapped.goOn(line, line: number) {
    case .none: return false
    case .open: return true
    case .frame(let frame, let isWholeLine):
      add(frame, isWholeLine ? number : number - 1, time)
      return isWholeLine
    }
  }

  /// Takes over what stands before a frame as the prefix of its traceback's lines.
  private mutating func adopt(_ line: UnsafeRawBufferPointer, _ start: Int) {
    // Torn lines have more spaces, or other text before; loguru marks a frame with an arrow.
    if let end = prefix.end(in: line), end + 2 <= start, lanes.hasOpenLane,
      !line[end..<start].elementsEqual("  ".utf8)
    {
      return
    }
    prefix = Self.prefix(line, start)
  }

  /// What stands before a frame, without the two spaces of its own.
  private static func prefix(_ line: UnsafeRawBufferPointer, _ start: Int) -> LinePrefix {
    var end = start
    while end > 0, start - end < 2, line[end - 1] == 0x20 { end -= 1 }
    return LinePrefix(line[..<end])
  }

  /// Takes over the prefix and the name of a known writer.
  private mutating func readWriter(_ line: UnsafeRawBufferPointer) {
    guard let known = lanes.writers.find(line) else {
      writer = nil
      return
    }
    (writer, prefix) = known
  }

  /// A frame's text that lost its line end to another process.
  private mutating func readTextBefore(
    _ line: UnsafeRawBufferPointer, _ start: Int, _ number: Int
  ) {
    guard let end = prefix.end(in: line), end + 5 < start,
      line[end..<(end + 4)].allSatisfy({ $0 == 0x20 })
    else { return }
    let text = Array(line[end..<start])[...].trimmed
    guard !text.isEmpty else { return }
    lanes.text(String(decoding: text, as: UTF8.self), line: number, isSure: true)
  }

  /// What follows a frame in its line.
  private mutating func readTail(_ tail: Slice<UnsafeRawBufferPointer>, _ number: Int) {
    let text = Array(tail.prefix(4096))[...].trimmed
    if text.count <= Self.suffixLimit {
      suffix = Array(text)
    } else {
      suffix = []
      lanes.text(String(decoding: text, as: UTF8.self), line: number, isSure: true)
    }
  }

  private mutating func readPytest(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) -> Bool {
    guard let frame = FrameLine.pytest(line, function: function.name) else { return false }
    let before = LinePrefix(line[..<frame.start])
    // Neither prose nor a line that was found in a file.
    if before.isQuotation || line[frame.end...].contains(where: { $0 > 0x20 }), !lanes.hasOpenLane {
      return false
    }
    prefix = before
    suffix = []
    function.finish()
    lanes.frame(
      frame.frame, line: number, time: time, Writer(name: lanes.writers.add(before), isPytest: true)
    )
    if let marked, !frame.hasOwnName { lanes.text(marked, line: number, isSure: true) }
    marked = nil
    return true
  }

  private mutating func readBox(_ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?) {
    for event in box?.read(line) ?? [] {
      switch event {
      case .frame(let frame): lanes.frame(frame, line: number, time: time, Writer())
      case .text(let text): lanes.text(text, line: number, isSure: true)
      case .end:
        box = nil
        prefix = LinePrefix(
          line.prefix { $0 < 0x80 && $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "|") })
      }
    }
  }

  // MARK: Messages

  private mutating func readMessage(
    _ line: UnsafeRawBufferPointer, _ number: Int, _ time: LogTime?
  ) {
    guard let start = BootstrapMessage.position(in: line) else { return }
    let isQuoted = shown.isNear(number) && !lanes.hasOpenLane
    guard !isQuoted, !shown.hasMessage(behind: line[..<start], line: number) else {
      shown.add()
      return
    }
    let verdict = messages.read(
      line, at: start, from: prefix.end(in: line) ?? 0, line: number, hasFrames: lanes.hasOpenLane)
    switch verdict {
    case .message: lanes.message(line: number, time: time, isSure: true, writer: writer)
    case .messageOfFrames: lanes.message(line: number, time: time, isSure: false, writer: writer)
    case .messageIfContinued: unsureMessage = (number, time)
    case .quotation: shown.add()
    }
  }
}
