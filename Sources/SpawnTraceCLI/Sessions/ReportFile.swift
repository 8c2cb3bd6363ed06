internal import Analysis
internal import LinuxProcess
internal import Reporting
internal import Runs
internal import SystemPackage
internal import TraceModel

/// The file of the JSON report.
struct ReportFile {
  private let path: String
  private let file: OutputFile

  /// Creates the file, before anything is run; one that is there keeps its text. nil if no path is
  /// given.
  init?(creating path: String?) throws(CommandError) {
    guard let path else { return nil }
    self.path = path
    do throws(OutputObstacle) {
      file = try OutputFile(opening: path)
    } catch {
      throw .report(path: path, error)
    }
  }

  /// Empties the file: when nothing can be refused any more.
  func empty() {
    file.empty()
  }

  /// Writes the report. If that fails, prints so with the command's own result, and returns false.
  func write(_ report: RunReport) -> Bool {
    write(JSONReport.render(report), of: report)
  }

  /// Writes a text about no single run.
  func write(_ text: String) throws(CommandError) {
    do throws(Errno) {
      try writeAll(text)
    } catch {
      throw .report(path: path, .system(error))
    }
  }

  private func writeAll(_ text: String) throws(Errno) {
    try file.write(text)
    try file.close()
  }

  /// Writes the report as another text about the run.
  func write(_ text: String, of report: RunReport) -> Bool {
    do throws(Errno) {
      try writeAll(text)
      return true
    } catch {
      let ending =
        switch report.termination {
        case .status(let status): "the command ended with status \(status)"
        case .signal(let signal): "the command died of signal \(signal)"
        case nil: "the command did not end"
        }
      StandardError.say("cannot write the report to \(path): \(error); \(ending)")
      return false
    }
  }
}
