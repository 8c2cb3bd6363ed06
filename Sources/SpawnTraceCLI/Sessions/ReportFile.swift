internal import Analysis
internal import Glibc
internal import Reporting
internal import SystemPackage
internal import TraceModel

/// The file of the JSON report.
struct ReportFile {
  private let path: String
  private let file: OutputFile

  /// nil where none is asked for. Where it can't be opened, says so and ends the process.
  static func create(_ path: String?, orEndWith status: Int32) -> ReportFile? {
    guard let path else { return nil }
    guard let file = OutputFile.create(path) else {
      StandardError.say("cannot write the report to \(path): \(Errno(rawValue: errno))")
      exit(status)
    }
    return ReportFile(path: path, file: file)
  }

  /// Writes the report; where that fails says so, with the command's own result.
  func write(_ report: RunReport) -> Bool {
    var error = file.write(JSONReport.render(report))
    let closing = file.close()
    if error == 0 { error = closing }
    guard error != 0 else { return true }
    let ending =
      switch report.termination {
      case .status(let status): "the command ended with status \(status)"
      case .signal(let signal): "the command died of signal \(signal)"
      case nil: "the command did not end"
      }
    StandardError.say("cannot write the report to \(path): \(Errno(rawValue: error)); \(ending)")
    return false
  }
}
