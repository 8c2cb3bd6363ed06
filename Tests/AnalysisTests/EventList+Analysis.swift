import Analysis
import TestSupport
import TraceModel

extension EventList {
  /// The processes of these events.
  var forest: ProcessForest {
    var forest = ProcessForest()
    for event in events { _ = forest.apply(event) }
    return forest
  }

  var records: [ProcessRecord] {
    forest.completedRecords()
  }

  /// The report about these events, with each finding as it was made.
  func run(
    processLimit: Int = 2000, isFromLog: Bool = false
  ) -> (report: RunReport, announced: [Finding]) {
    var analysis = RunAnalysis(limits: Limits(maxProcesses: processLimit), isFromLog: isFromLog)
    let announced = events.flatMap { analysis.observe($0) }
    return (analysis.testReport, announced)
  }

  /// The facts at the end of a run.
  var findings: [Finding] {
    run().report.findings
  }
}

extension RunAnalysis {
  var testReport: RunReport {
    report(
      toolVersion: "0", source: .live, command: ["python"], workingDirectory: "/w", limitations: [])
  }
}
