internal import Bytes
internal import Diagnostics
internal import Exporting
internal import LinuxProcess
internal import Recording
internal import Reporting
internal import Runs
internal import SystemPackage

/// `spawntrace export`: a recording that is written in another form.
final class ExportSession {
  private let settings: ExportSettings
  private let stream: RecordingStream
  private let output: OutputFile
  private var pending: [UInt8] = []
  private var failure: Errno?
  /// Kept until this process exits.
  private var flatRun: (RecordedRun, ReplayedResult)?

  private static let pieceSize = 1 << 18

  /// Opens both files.
  init(_ settings: ExportSettings) throws(CommandError) {
    self.settings = settings
    if let path = settings.output {
      try OutputFiles([("--output", path)]).check(inputs: [settings.file])
      do throws(OutputObstacle) {
        output = try OutputFile(opening: path)
      } catch {
        throw .export(path: path, error)
      }
    } else {
      output = OutputFile(descriptor: 1)
    }
    do throws(ReplayError) {
      stream = try RecordingStream(path: settings.file, settings.unpacking)
    } catch {
      throw .replay(error)
    }
    if settings.output != nil { output.empty() }
  }

  func run() throws(CommandError) -> CommandResult {
    do throws(ReplayError) {
      if settings.isFlat { try writeFlat() } else { try writeLines() }
    } catch {
      throw .replay(error)
    }
    flush()
    if settings.output != nil {
      do throws(Errno) {
        try output.close()
      } catch {
        failure = failure ?? error
      }
    }
    if let failure { throw .export(path: settings.output, .system(failure)) }
    for limitation in stream.limitations { StandardError.say(limitation.sentence) }
    return CommandResult(status: 0, kept: self)
  }

  /// The recording's own lines.
  private func writeLines() throws(ReplayError) {
    try stream.read { _, line in
      pending += CopiedLine.bytes(of: line)
      flushIfLarge()
    }
  }

  /// The recording's lines with the run's identity, and behind them those of the analysis.
  private func writeFlat() throws(ReplayError) {
    var flat: FlatLine?
    let run = RecordedRun(stream)
    let result = try run.judged { item, line in
      var isHeader = false
      if case .header(let header) = item {
        flat = FlatLine(header)
        isHeader = true
      }
      guard let flat else { return }
      pending += flat.line(line, isHeader: isHeader)
      flushIfLarge()
    }
    flatRun = (run, result)
    if let flat { pending += flat.lines(of: result.run.report) }
  }

  // MARK: Writing

  private func flushIfLarge() {
    if pending.count > Self.pieceSize { flush() }
  }

  private func flush() {
    defer { pending.removeAll(keepingCapacity: true) }
    guard failure == nil else { return }
    do throws(Errno) {
      try output.write(pending)
    } catch {
      failure = error
      stream.stop()
    }
  }
}
