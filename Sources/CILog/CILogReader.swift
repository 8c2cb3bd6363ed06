internal import Bytes
internal import Glibc
internal import TraceModel

/// Reads the plain text of a CI log, in pieces of any size.
///
/// Lines are searched for some words at once (`Marker`); only lines near such words are read further.
/// What is kept is bounded: the different frames, the different tracebacks, one line.
package struct CILogReader: Sendable {
  private var splitter = LogLines()
  private var state = State()
  private var beginning: [UInt8] = []

  private static let recognized = 8_192

  package init() {}

  package mutating func read(_ piece: UnsafeRawBufferPointer) {
    if beginning.count < Self.recognized {
      beginning.append(contentsOf: piece.prefix(Self.recognized - beginning.count))
    }
    splitter.read(piece) { state.read($0) }
  }

  /// Ends the log and returns what it says.
  package mutating func finish() -> LogReading {
    splitter.finish { state.read($0) }
    var reading = state.reading()
    reading.tooLongLines = splitter.tooLong
    if LogRecognition(beginning) == .document {
      // What a program's text or a patch has in it, no job has printed.
      reading.quotations += reading.faults.count + reading.placelessMessages
      reading.faults = []
      reading.placelessMessages = 0
    }
    return reading
  }

  /// Reads a log that is in memory.
  package static func reading(of bytes: some Sequence<UInt8>) -> LogReading {
    var reader = CILogReader()
    Array(bytes).withUnsafeBytes { reader.read($0) }
    return reader.finish()
  }
}

private struct State: Sendable {
  private var text = TracebackText()
  private var reports = OwnReport()
  private var troubles = TroubleCounts()
  private var result = JobResult()
  private var roots = LogRoots()
  private var hunks = DiffHunks()
  private var shown = ShownText()
  /// Whether the lines stand between those of a fenced block of Markdown.
  private var isFenced = false
  /// The quote of a long string of a program's text that begins in the line before.
  private var openString: UInt8?
  /// The name of the members that have the log's lines, in indented JSON.
  private var member: [UInt8]?
  /// Whether the log is XML or HTML.
  private var isMarkup = false
  private var stamps = LogStamp()
  private var first: LogTime?
  private var last: LogTime?
  private var lines = 0
  /// The position in the text: a line may hold several lines of it.
  private var position = 0
  /// How many more lines may belong to a traceback.
  private var armed = 0
  private var plain: [UInt8] = []
  private let scanner = MarkerScanner.shared

  /// How many lines that show nothing may come within a traceback.
  private static let patience = 16

  mutating func read(_ line: UnsafeRawBufferPointer) {
    lines += 1
    position += 1
    guard let base = line.baseAddress, !line.isEmpty else {
      if armed > 0 { armed -= 1 }
      return
    }
    var time: LogTime?
    if memchr(base, 0x1B, line.count) != nil || memchr(base, 0x08, line.count) != nil {
      time = PlainText.strip(line, into: &plain).map { LogTime(milliseconds: $0) }
      let bytes = plain
      bytes.withUnsafeBytes { read(plain: $0, time) }
    } else {
      read(plain: line, nil)
    }
  }

  private mutating func read(plain line: UnsafeRawBufferPointer, _ given: LogTime?) {
    let markers = scanner.markers(in: line)
    if markers.has(.entity) {
      isMarkup = isMarkup || EntityText.isOfTraceback(line)
      if isMarkup {
        for (index, text) in EntityText.lines(line).enumerated() {
          position += index == 0 ? 0 : 1
          text.withUnsafeBytes { read($0, scanner.markers(in: $0), given) }
        }
        return
      }
    }
    read(line, markers, given)
  }

  private mutating func read(
    _ line: UnsafeRawBufferPointer, _ markers: Markers, _ given: LogTime?
  ) {
    let quote = OpenString.quote(endOf: line)
    defer { openString = quote }
    var time = given ?? stamps.read(line)
    if time == nil, markers.has(.section) { time = LogStamp.section(line) }
    if time == nil, markers.has(.travis) { time = LogStamp.travis(line) }
    if let time {
      first = first.map { min($0, time) } ?? time
      last = last.map { max($0, time) } ?? time
    }
    if hunks.read(line, markers) || shown.read(line, markers) { return }
    guard !markers.isEmpty || armed > 0 || roots.expectsCommand else { return }
    if !markers.isEmpty || roots.expectsCommand {
      troubles.read(line, markers)
      result.read(line, markers)
      roots.read(line, markers)
    }
    if markers.has(.fence), line.starts(with: "```".utf8) { isFenced.toggle() }
    if markers.has(.report) && !isFenced || reports.isReading {
      reports.read(UnstampedLine.text(line), markers, time: time)
    }
    if !markers.isDisjoint(with: Markers(.function, .excerpt, .rule)) {
      text.readExcerpt(line, markers)
    }
    if markers.areOfTracebacks || markers.has(.excerpt) || markers.has(.rule) {
      armed = Self.patience
    } else if armed > 0 {
      armed -= 1
    } else {
      return
    }
    read(traceback: line, markers, time, depth: 0)
  }

  /// Reads a line, or the lines that are a text within it.
  private mutating func read(
    traceback line: UnsafeRawBufferPointer, _ markers: Markers, _ time: LogTime?, depth: Int
  ) {
    guard depth < 2, let parts = parts(of: line, markers, isWhole: depth == 0) else {
      text.read(
        line, markers, number: position, time: time, openString: openString)
      return
    }
    // What is between the members of indented JSON stands between no lines of a text.
    if parts.isEmpty { position -= 1 }
    for part in parts {
      part.withUnsafeBytes {
        read(traceback: $0, scanner.markers(in: $0), time, depth: depth + 1)
      }
      position += 1
    }
  }

  /// The lines of a text within a line; nil if there is none in it.
  ///
  /// - Parameter isWhole: Whether the line is one of the log, and not of a text within one.
  private mutating func parts(
    of line: UnsafeRawBufferPointer, _ markers: Markers, isWhole: Bool
  ) -> [[UInt8]]? {
    if isWhole {
      let first = line.first { $0 != 0x20 && $0 != 0x09 } ?? 0
      if first == UInt8(ascii: "\""), let found = EmbeddedText.member(line) {
        if markers.has(.head) || markers.has(.file) || markers.has(.json) { member = found.name }
        return found.name == member ? found.lines : member == nil ? nil : []
      }
      if member != nil {
        if "\"{}[]".utf8.contains(first) { return [] }
        member = nil
      }
    }
    guard markers.has(.json) || line.first == UInt8(ascii: "{") else { return nil }
    return EmbeddedText.lines(in: line)
  }

  mutating func reading() -> LogReading {
    text.finish()
    var reading = LogReading()
    let lanes = text.lanes
    let cycles = CycleFaults(lanes.chains, lanes.table, messages: lanes.freeMessages)
    let notes = NoteFaults(lanes.chains, lanes.table)
    // Where there are places, a message without one is a torn copy.
    let placeless = lanes.freeMessages + cycles.placeless
    reading.placelessMessages = cycles.faults.isEmpty ? placeless : 0
    let isCycle = !cycles.faults.isEmpty || placeless > 0
    reading.faults = faults(cycles.faults, notes, isCycle: isCycle)
    reading.quotations = text.quotations + cycles.quotations
    reading.troubles = troubles.counts.filter { !(isCycle && $0.key.isConsequence) }
    if reading.faults.contains(where: { $0.kind == .workerCrash }) {
      reading.troubles[.brokenProcessPool] = nil
    }
    for fault in reading.faults {
      for frame in fault.frames { roots.addRoot(of: frame.path) }
    }
    reading.roots = roots.roots
    reading.commands = roots.commands
    reading.firstSeen = first
    reading.lastSeen = last
    reading.passed = result.passed
    reading.lines = lines
    return reading
  }

  /// What spawntrace itself has reported, or else the cycles, or else what may follow from one.
  private func faults(
    _ cycles: [LogFault], _ notes: NoteFaults, isCycle: Bool
  ) -> [LogFault] {
    if !reports.faults.isEmpty { return reports.faults }
    var faults = cycles + notes.unpicklable
    if !isCycle {
      // A crash without a worker's frames may be what broke a pool.
      let crashes =
        text.dump.faults.isEmpty && !notes.crashes.isEmpty ? text.dump.others : text.dump.faults
      faults += crashes.isEmpty && notes.unpicklable.isEmpty ? notes.crashes : crashes
    }
    return faults.map { fault in
      var fault = fault
      if let banner = roots.banner, fault.python?.micro == nil {
        // The banner's version is the interpreter's, unless the frames' paths say otherwise.
        let known = fault.python ?? banner
        if known.major == banner.major, known.minor == banner.minor { fault.python = banner }
      }
      return fault
    }
  }
}
