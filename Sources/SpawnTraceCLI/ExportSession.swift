internal import Analysis
internal import Exporting
internal import Glibc
internal import Input
internal import Recording
internal import SystemPackage
internal import TraceModel

/// A recording that is written in another form.
final class ExportSession {
  private let options: ExportCommand
  private let output: OutputFile
  private var pending: [UInt8] = []
  private var reader = RecordingReader()
  private var header: RecordingHeader?
  /// Where lines are to be flat.
  private var flat: (line: FlatLine, analysis: RunAnalysis)?
  private var hasEnd = false

  private static let pieceSize = 1 << 18

  /// Ends the process where the output can't be opened.
  init(_ options: ExportCommand) {
    self.options = options
    guard let path = options.output else {
      output = OutputFile(descriptor: 1)
      return
    }
    guard !Self.isSameFile(path, options.file) else {
      StandardError.say("\(path) is the recording itself; please name another file")
      exit(ExitStatus.trouble)
    }
    guard let file = OutputFile.create(path) else {
      StandardError.say("cannot write to \(path): \(Errno(rawValue: errno))")
      exit(ExitStatus.trouble)
    }
    output = file
  }

  /// Whether two paths lead to one file, which opening the second for writing would empty.
  private static func isSameFile(_ path: String, _ other: String) -> Bool {
    var one = stat()
    var two = stat()
    return stat(path, &one) == 0 && stat(other, &two) == 0 && one.st_dev == two.st_dev
      && one.st_ino == two.st_ino && one.st_mode & S_IFMT == S_IFREG
  }

  func exportToTheEnd() -> Never {
    var problem: String?
    do throws(InputError) {
      try read()
    } catch {
      problem = "\(options.file) could not be read on: \(error.explanation)"
    }
    reader.finish()
    if let error = reader.versionError { fail(RecordingTrouble.describe(error, options.file)) }
    guard let header else {
      fail(problem ?? "\(options.file) has no whole header: nothing of the run was recorded")
    }
    if let flat { write(flat.line.lines(of: report(header, flat.analysis))) }
    flush()
    let error = options.output == nil ? 0 : output.close()
    if error != 0 { failToWrite(error) }
    for note in [problem].compactMap(\.self) + RecordingTrouble.notes(reader) {
      StandardError.say(note)
    }
    if !hasEnd { StandardError.say("the recording is truncated: how the run ended is not known") }
    exit(0)
  }

  private func report(_ header: RecordingHeader, _ analysis: RunAnalysis) -> RunReport {
    var report = analysis.report(
      toolVersion: Version.current, source: .recording(path: options.file),
      command: header.command, workingDirectory: header.workingDirectory,
      limitations: header.limitations)
    report.lost = reader.lostEvents
    report.isTruncated = !hasEnd
    return report
  }

  // MARK: Reading

  private func read() throws(InputError) {
    let input: Input
    do throws(ReplayInput.Refusal) {
      guard case .recording(let recording) = try ReplayInput([options.file]) else {
        fail("\(options.file) is a log of strace; export reads what run --record writes")
      }
      input = recording
    } catch {
      fail(error.message)
    }
    let buffer = UnsafeMutableRawBufferPointer.allocate(
      byteCount: Self.pieceSize, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { break }
      reader.readLines(UnsafeRawBufferPointer(rebasing: buffer[..<count])) { take($0, $1) }
      if pending.count > Self.pieceSize { flush() }
    }
  }

  private func take(_ item: RecordingItem, _ line: UnsafeRawBufferPointer) {
    var isHeader = false
    switch item {
    case .header(let new):
      guard header == nil else { return }
      header = new
      isHeader = true
      if options.flat { flat = (FlatLine(new), RecordingAnalysis.make(new)) }
    case .event(let event): _ = flat?.analysis.observe(event)
    case .stop: flat?.analysis.stop()
    case .end: hasEnd = true
    case .part, .other: break
    }
    if let flat {
      write(flat.line.line(line, isHeader: isHeader))
    } else {
      pending += line
      pending.append(UInt8(ascii: "\n"))
    }
  }

  // MARK: Writing

  private func write(_ bytes: [UInt8]) {
    pending += bytes
  }

  private func flush() {
    let error = output.write(pending)
    pending.removeAll(keepingCapacity: true)
    if error != 0 { failToWrite(error) }
  }

  private func failToWrite(_ error: Int32) -> Never {
    fail("cannot write to \(options.output ?? "standard output"): \(Errno(rawValue: error))")
  }

  private func fail(_ message: String) -> Never {
    StandardError.say(message)
    exit(ExitStatus.trouble)
  }
}
