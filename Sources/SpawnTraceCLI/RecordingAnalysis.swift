internal import Analysis
internal import Recording

/// The analysis of a recorded run, told what the live one was.
enum RecordingAnalysis {
  static func make(
    _ header: RecordingHeader, evidence choice: RunCommand.EvidenceChoice? = nil
  ) -> RunAnalysis {
    let evidence = choice ?? RunCommand.EvidenceChoice(rawValue: header.options.evidence)
    return RunAnalysis(
      processLimit: header.options.processLimit, evidence: evidence?.evidence ?? .all)
  }
}
