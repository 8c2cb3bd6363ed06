internal import Analysis
internal import Glibc
internal import Input
internal import Recording
internal import Redaction
internal import Reporting
internal import StraceLog
internal import SystemPackage
internal import TraceModel

/// A run that was recorded: its events, judged and told as if they happened now.
final class ReplaySession {
  private let options: ReplayCommand
  /// As it is told to the user.
  private let path: String
  private let json: ReportFile?
  private var reader = RecordingReader()
  private var log = StraceReader()
  private let redactor = Redactor(environment: [])
  private var isLog = false
  /// The command that a log is of.
  private var logRoot: ProcessID?
  /// nil until the header was read.
  private var narrator: RunNarrator?
  private var end: RecordingEnd?
  private var lastEvent: (sequence: UInt64, time: TraceTime)?
  /// What went wrong with the input, where something did.
  private var inputProblem: String?

  /// Ends the process where an option can't be met.
  init(_ options: ReplayCommand) {
    self.options = options
    path = options.files.first ?? "-"
    json = ReportFile.create(options.reporting.json, orEndWith: ExitStatus.trouble)
  }

  func replayToTheEnd() -> Never {
    do throws(ReplayInput.Refusal) {
      let input = try ReplayInput(options.files)
      do throws(InputError) {
        switch input {
        case .recording(let input): try read(input)
        case .strace(let input):
          beginLog(isOrdered: true)
          try read(log: input)
        case .straceThreads(let files):
          beginLog(isOrdered: files.isOrdered)
          files.read(with: &log) { [unowned self] in take($0) }
          if files.unreadFiles > 0 {
            inputProblem = "\(files.unreadFiles) of its files have a part that could not be read"
          }
          log.finish { [unowned self] in take($0) }
        }
      } catch {
        inputProblem = error.explanation
        if narrator == nil { fail("cannot read \(path): \(error.explanation)") }
      }
    } catch {
      fail(error.message)
    }
    finish()
  }

  private func fail(_ message: String) -> Never {
    StandardError.say(message)
    exit(ExitStatus.trouble)
  }

  // MARK: Reading

  /// Reads pieces to the end; where the file is followed, until somebody has enough of it.
  private func pieces(
    of input: Input, _ body: (UnsafeRawBufferPointer) -> Void
  ) throws(InputError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
    defer { buffer.deallocate() }
    var follower = options.follow ? Follower() : nil
    while true {
      let count = try input.read(into: buffer)
      if count == 0 {
        guard end == nil, !log.hasEnd, follower?.waitForMore() == true else { break }
        continue
      }
      body(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
  }

  private func read(_ input: Input) throws(InputError) {
    try pieces(of: input) { piece in
      reader.read(piece) { take($0) }
      if let error = reader.versionError { fail(RecordingTrouble.describe(error, path)) }
    }
    reader.finish()
  }

  private func read(log input: Input) throws(InputError) {
    try pieces(of: input) { piece in
      log.read(piece) { [unowned self] in take($0) }
    }
    log.finish { [unowned self] in take($0) }
  }

  /// - Parameter isOrdered: Whether it tells what happened before what: where it doesn't, nobody can say
  ///   how many processes lived at once.
  private func beginLog(isOrdered: Bool) {
    isLog = true
    var limits = Limits()
    if !isOrdered { limits.processes = .max }
    let shown = options.files.count > 1 ? ReplayInput.run(path) + ".*" : path
    narrator = RunNarrator(
      RunNarrator.Run(source: .strace(path: shown), command: [], workingDirectory: ""),
      RunAnalysis(
        limits: options.limits.limits(over: limits),
        evidence: options.evidence?.evidence ?? .all, isFromLog: true),
      options.reporting.settings)
  }

  private func take(_ event: Event) {
    // A log has them all, and reports are handed on.
    let event = redactor.event(event)
    lastEvent = (event.sequence, event.time)
    // Before a finding is told of.
    switch event.kind {
    case .started(let start) where start.call == .launch: logRoot = event.process
    case .executed(let execution)
    where event.process == logRoot && narrator?.run.command.isEmpty == true:
      narrator?.run.command = execution.arguments
      narrator?.run.workingDirectory = execution.workingDirectory
    default: break
    }
    _ = narrator?.observe(event)
  }

  private func take(_ item: RecordingItem) {
    switch item {
    case .header(let header):
      guard narrator == nil else { return }
      narrator = RunNarrator(
        RunNarrator.Run(
          source: .recording(path: path), command: header.command,
          workingDirectory: header.workingDirectory, monotonicStart: header.monotonicStart,
          limitations: header.limitations),
        RecordingAnalysis.make(header, evidence: options.evidence, limits: options.limits),
        options.reporting.settings)
    case .event(let event):
      lastEvent = (event.sequence, event.time)
      _ = narrator?.observe(event)
    case .stop: narrator?.stop()
    case .end(let end): self.end = end
    case .part, .other: break
    }
  }

  // MARK: At the end

  private func finish() -> Never {
    guard let narrator else {
      fail("\(path) has no whole header: nothing of the run was recorded")
    }
    if isLog, let directory = log.workingDirectory { narrator.run.workingDirectory = directory }
    var report = narrator.finalReport(isEndKnown: !isLog && end != nil)
    report.lost = reader.lostEvents
    report.isTruncated = isLog ? !log.hasEnd : end == nil
    let notes = isLog ? logNotes() : notes()
    report.limitations += notes
    let isWritten = json?.write(report) != false
    if options.reporting.report != ReportOptions.ReportStyle.none {
      for note in notes { StandardError.say(note) }
    }
    narrator.sayLast(report, ending: isLog ? report.termination : end?.ending)
    guard isWritten else { exit(ExitStatus.trouble) }
    let hasError = report.findings.contains { $0.rule.severity == .error }
    exit(hasError ? ExitStatus.findingInRecording : 0)
  }

  /// What the log doesn't tell, each a sentence without its full stop.
  private func logNotes() -> [String] {
    var result: [String] = []
    if log.damagedLines > 0 {
      let lines = log.damagedLines == 1 ? "1 line is" : "\(log.damagedLines) lines are"
      let examples = log.damagedExamples.map { "'\($0)'" }.joined(separator: ", ")
      result.append("\(lines) none of strace's and were skipped: \(examples)")
    }
    if let inputProblem { result.append("the log could not be read whole: \(inputProblem)") }
    if !log.hasEnd {
      let time = lastEvent.map(\.time) ?? .zero
      let place = time > .zero ? ", at \(Seconds(time.nanoseconds).text) s" : ""
      result.append("the log ends before the command does\(place): how it ended is not known")
    }
    return result + StraceLimitation.sentences(log.limitations)
  }

  /// What is wrong with the recording, each a sentence without its full stop.
  private func notes() -> [String] {
    var result = RecordingTrouble.notes(reader)
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
