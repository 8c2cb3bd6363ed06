import Analysis
import TraceModel

/// ST101 in words.
struct CycleSentences: RuleSentences {
  static let documentation =
    "https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods"

  let context: FindingContext
  private let change: GuardFix

  init(_ context: FindingContext) {
    self.context = context
    change = GuardFix(context)
  }

  var label: Sentence { context.runsAgain }
  var chain: Diagnostic.Chain? { CycleChain(context: context).chain }
  var advice: Sentence { change.advice }
  var fix: Fix? { change.fix }

  var notes: [Diagnostic.Note] {
    var notes = [effect, Diagnostic.Note(.why, reason)]
    let limitations = context.report.limitationSentences
    if !limitations.isEmpty {
      notes.append(.init(.unseen, "\(quoted: limitations.joined(separator: "; "))"))
    }
    return notes
  }

  // MARK: What the cycle does to the run

  private var effect: Diagnostic.Note {
    let place = context.isForkserver ? "the forkserver" : "the worker"
    let sentence: Sentence =
      switch context.finding.consequence {
      case nil: "CPython refuses this second start with a RuntimeError in \(place)"
      case .contained:
        "\(place) ends with CPython's RuntimeError or catches it; \(runsOn)"
      case .respawning:
        "each worker ends with CPython's RuntimeError and is replaced, for ever\(soFar)"
      case .blocked:
        "\(place) ends with CPython's RuntimeError, and \(waiter) waits for it for ever"
      case .masked: "CPython's RuntimeError is swallowed, and \(maskedEnd)"
      }
    return Diagnostic.Note(.consequence(context.finding.consequence), sentence)
  }

  private var runsOn: String {
    switch context.report.termination {
    case .status(let status): "the run exits \(status)"
    case .signal(let signal): "signal \(signal) ends the run"
    case nil: "the run goes on"
    }
  }

  private var soFar: String {
    let ended = context.workers.count { $0.termination != nil }
    return ended > 1 ? " (\(ended) so far)" : ""
  }

  private var waiter: String {
    context.parent.map { $0.pid.shown } ?? "its parent"
  }

  private var maskedEnd: String {
    context.report.termination == .status(0)
      ? "the run exits 0 as if nothing had failed"
      : "the run would exit 0 as if nothing had failed"
  }

  /// What makes the interpreter run the script a second time.
  private var reason: Sentence {
    let imports: Sentence =
      context.isForkserver
      ? "the forkserver imports the main script as \(code: "__mp_main__") before it starts workers"
      : "under \(context.startMethod), each worker imports the main script as \(code: "__mp_main__")"
    let none = context.isForkserver ? "nothing" : "none"
    let wasDefault =
      context.isForkserverByDefault ? ", the default on Linux before Python 3.14" : ""
    return imports + "; under fork\(wasDefault), \(none) does"
  }
}
