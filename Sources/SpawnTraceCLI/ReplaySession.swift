internal import Analysis
internal import Glibc
internal import Recording
internal import Reporting
internal import SystemPackage
internal import TraceModel

/// A run that was recorded: its events, judged and told as if they happened now.
final class ReplaySession {
  private let options: ReplayCommand
  private let json: ReportFile?
  private var reader = RecordingReader()
  /// nil until the header was read.
  private var narrator: RunNarrator?
  private var end: RecordingEnd?
  private var lastEvent: (sequence: UInt64, time: TraceTime)?
  /// What went wrong with the input, where something did.
  private var inputProblem: String?

  /// Ends the process where an option can't be met.
  init(_ options: ReplayCommand) {
    self.options = options
    json = ReportFile.create(options.reporting.json, orEndWith: ExitStatus.trouble)
  }

  func replayToTheEnd() -> Never {
    do {
      let base = options.file == "-" ? FileSource() : try FileSource(path: options.file)
      let input = try Input(base)
      guard input.beginning.starts(with: RecordingFormat.beginning.utf8) else {
        fail(
          input.beginning.isEmpty
            ? "\(options.file) is empty"
            : "\(options.file) is no recording of spawntrace (run --record FILE writes one)")
      }
      try read(input)
    } catch {
      inputProblem = describe(error)
      if narrator == nil { fail("cannot read \(options.file): \(describe(error))") }
    }
    finish()
  }

  private func fail(_ message: String) -> Never {
    StandardError.say(message)
    exit(ExitStatus.trouble)
  }

  private func describe(_ error: InputError) -> String {
    switch error {
    case .system(let code): "\(Errno(rawValue: code))"
    case .damaged(let what): what
    case .torn: "the compressed file ends in the middle"
    }
  }

  // MARK: Reading

  private func read(_ input: Input) throws(InputError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    var follower = options.follow ? Follower() : nil
    while true {
      let count = try input.read(into: buffer)
      if count == 0 {
        guard end == nil, follower?.waitForMore() == true else { break }
        continue
      }
      reader.read(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { take($0) }
      if let error = reader.versionError { fail(describe(error)) }
    }
    reader.finish()
  }

  private func describe(_ error: RecordingVersionError) -> String {
    """
    \(options.file) has version \(error.version) of the format, written by spawntrace \(error.tool); \
    this is spawntrace \(Version.current), which reads versions up to \(RecordingFormat.version): \
    please replay it with a newer one
    """
  }

  private func take(_ item: RecordingItem) {
    switch item {
    case .header(let header):
      guard narrator == nil else { return }
      narrator = RunNarrator(
        RunNarrator.Run(
          source: .recording(path: options.file), command: header.command,
          workingDirectory: header.workingDirectory, monotonicStart: header.monotonicStart,
          limitations: header.limitations),
        RunAnalysis(
          processLimit: header.options.processLimit, evidence: evidence(of: header)),
        options.reporting)
    case .event(let event):
      lastEvent = (event.sequence, event.time)
      _ = narrator?.observe(event)
    case .stop: narrator?.stop()
    case .end(let end): self.end = end
    case .part, .other: break
    }
  }

  private func evidence(of header: RecordingHeader) -> ReexecCycle.Evidence {
    let choice = options.evidence ?? RunCommand.EvidenceChoice(rawValue: header.options.evidence)
    return choice?.evidence ?? .all
  }

  // MARK: At the end

  private func finish() -> Never {
    guard let narrator else {
      fail("\(options.file) has no whole header: nothing of the run was recorded")
    }
    var report = narrator.report()
    report.lost = reader.lostEvents
    report.isTruncated = end == nil
    let notes = notes()
    report.limitations += notes
    let isWritten = json?.write(report) != false
    if options.reporting.report != .none {
      for note in notes { StandardError.say(note) }
    }
    narrator.sayLast(report, ending: end?.ending)
    guard isWritten else { exit(ExitStatus.trouble) }
    let hasError = report.findings.contains { $0.rule.severity == .error }
    exit(hasError ? ExitStatus.findingInRecording : 0)
  }

  /// What is wrong with the recording, each a sentence without its full stop.
  private func notes() -> [String] {
    var result: [String] = []
    if reader.damagedLines > 0 {
      let lines =
        reader.damagedLines == 1
        ? "1 damaged line was" : "\(reader.damagedLines) damaged lines were"
      let events =
        reader.lostEvents == 1 ? "1 event is" : "\(reader.lostEvents) events are"
      result.append("\(lines) skipped, and \(events) missing")
    } else if reader.lostEvents > 0 {
      result.append("\(reader.lostEvents) events are missing in the middle of the recording")
    }
    if let inputProblem { result.append("the recording could not be read on: \(inputProblem)") }
    if end == nil {
      let place = lastEvent.map {
        "after event \($0.sequence), at \(Seconds($0.time.nanoseconds).text) s"
      }
      result.append(
        "the recording is truncated \(place ?? "before the first event"): how the run ended is not known"
      )
    }
    return result
  }
}
