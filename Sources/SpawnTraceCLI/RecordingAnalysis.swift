internal import Analysis
internal import Recording
internal import TraceModel

/// The analysis of a recorded run, told what the live one was.
enum RecordingAnalysis {
  static func make(
    _ header: RecordingHeader, evidence choice: RunCommand.EvidenceChoice? = nil,
    limits: LimitOptions? = nil
  ) -> RunAnalysis {
    let evidence = choice ?? RunCommand.EvidenceChoice(rawValue: header.options.evidence)
    let recorded = Limits(header.options)
    return RunAnalysis(
      limits: limits?.limits(over: recorded) ?? recorded, evidence: evidence?.evidence ?? .all)
  }
}
