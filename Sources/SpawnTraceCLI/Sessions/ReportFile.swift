internal import Analysis
internal import Reporting
internal import Runs
internal import SystemPackage
internal import TraceModel

/// The file of the JSON report.
struct ReportFile {
  private let path: String
  private let file: OutputFile

  /// Creates the file, before anything is run. nil if no path is given.
  init?(creating path: String?) throws(CommandError) {
    guard let path else { return nil }
    self.path = path
    do throws(Errno) {
      file = try OutputFile(creating: path)
    } catch {
      throw .report(path: path, error)
    }
  }

  /// Writes the report. If that fails, prints so with the command's own result, and returns false.
  func write(_ report: RunReport) -> Bool {
    write(JSONReport.render(report), of: report)
  }

  /// The same with another text about the run.
  func write(_ text: String, of report: RunReport) -> Bool {
    do throws(Errno) {
      try file.write(text)
      try file.close()
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
