package import Analysis
import Bytes
import TraceModel

extension Diagnostic {
  package init(_ finding: Finding, in report: RunReport) {
    let context = FindingContext(finding, in: report)
    let sentences = context.sentences
    self.init(
      rule: finding.rule, severity: finding.severity, title: finding.title,
      fingerprint: finding.fingerprint,
      location: context.location,
      label: finding.culprit.map { Label(place: $0, sentence: sentences.label) },
      chain: sentences.chain, notes: sentences.notes + context.notes, advice: sentences.advice,
      alternative: context.wayBack,
      fix: report.fix(for: finding).map(Fix.init), proof: finding.proof,
      reference: finding.reference)
  }
}

extension FindingContext {
  fileprivate var sentences: any RuleSentences {
    switch finding.detail {
    case .cycle: CycleSentences(self)
    case .respawn(let end, _): RespawnSentences(context: self, end: end)
    case .nesting(let depth): NestingSentences(context: self, depth: depth)
    case .liveProcesses: ProcessCountSentences(context: self)
    case .repeats(let repeats): RepeatSentences(context: self, repeats: repeats)
    case .selfStarts(let count): SelfStartSentences(context: self, count: count)
    case .deadlock: DeadlockSentences(self)
    case .lostTask(let end): LostTaskSentences(context: self, end: end)
    case .work: SideEffectSentences(context: self)
    case .workerEnd(let end): CrashSentences(context: self, end: end)
    case .neverRan(let end, let isServer):
      NeverRanSentences(context: self, end: end, isServer: isServer)
    case .notLaunched: NotLaunchedSentences(context: self)
    case .lookup(let end): LookupSentences(context: self, end: end)
    case .pickling(let traceback): PicklingSentences(context: self, traceback: traceback)
    }
  }
}

extension FindingContext {
  /// What can be said of findings of all rules.
  fileprivate var notes: [Diagnostic.Note] {
    let test = finding.test(in: report).map { Diagnostic.Note(.test, "\(quoted: $0)") }
    return [startMethodNote, test].compactMap(\.self)
  }
}

extension Finding {
  /// How sure it is, from which event, and the version of the interpreter.
  fileprivate var proof: String? {
    if isOfProcessLimit { return nil }
    let certainty =
      switch certainty {
      case .proven: "proven \(moment)"
      case .likely: "not proven, but likely: inferred \(moment)"
      case .guess where isOfChain: "not proven: it may end by itself; seen \(moment)"
      case .guess: "not proven: a guess from a log's text"
      }
    return certainty + (python.map { ", Python \($0)" } ?? "")
  }

  private var moment: String {
    // A log may have no clock, and nothing is found at a run's first moment.
    guard provenAt > .zero else { return "by event \(provenByEvent)" }
    let milliseconds = provenAt.nanoseconds / 1_000_000
    let fraction = (milliseconds % 1000).zeroPadded(to: 3)
    return "at \(milliseconds / 1000).\(fraction) s by event \(provenByEvent)"
  }

  fileprivate var reference: Diagnostic.Reference? {
    switch detail {
    case .cycle: .documentation(CycleSentences.documentation)
    case .liveProcesses, .deadlock: nil
    default: .explanation
    }
  }
}
