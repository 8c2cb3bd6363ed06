package import Analysis
internal import TraceModel

extension Finding {
  /// The test that asked for the workers which show the finding; nil if none did.
  package func test(in report: RunReport) -> String? {
    processes.first.flatMap { report[process: $0]?.test }?.text(in: report.workingDirectory)
  }
}
