import Analysis
internal import Multiprocessing
import TraceModel

/// ST101 in words.
struct CycleSentences: RuleSentences {
  static let documentation =
    "https://docs.python.org/3/library/multiprocessing.html#the-spawn-and-forkserver-start-methods"

  let context: FindingContext

  init(_ context: FindingContext) {
    self.context = context
  }

  var label: Sentence { context.runsAgain }
  var chain: Diagnostic.Chain? { CycleChain(context: context).chain }
  var advice: Sentence { GuardAdvice(context).sentence }

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
    let consequence = context.finding.consequence
    let sentence: Sentence =
      switch (consequence, refuses) {
      case (.stopped, _): "spawntrace ended the run at this proof"
      case (.masked, false): "nothing refuses this second start, and \(maskedEnd)"
      case (.masked, true): "CPython's RuntimeError is swallowed, and \(maskedEnd)"
      case (.blocked, _): "\(refusal), and \(waiter) waits for it for ever"
      case (.respawning, false):
        "nothing refuses this second start: each process starts the next one, without end"
      case (.respawning, true): respawning
      case (.contained, _), (nil, _): contained
      }
    return Diagnostic.Note(.consequence(consequence), sentence)
  }

  /// Whether CPython, or a library of its shape, refuses the second start.
  private var refuses: Bool {
    switch context.finding.cycle {
    case .library, .executable: false
    case .worker, .server, nil: true
    }
  }

  private var isOver: Bool { context.report.termination != nil }

  /// The process that runs the script again.
  private var place: String { context.isForkserver ? "the forkserver" : "the worker" }

  private var refusal: String {
    refuses
      ? "CPython refuses this second start with a RuntimeError in \(place)"
      : "nothing refuses this second start"
  }

  private var contained: Sentence {
    switch context.report.termination {
    case .status(let status): "\(refusal); the run exits \(status)"
    case .signal(let signal): "\(refusal); signal \(signal) ends the run"
    case nil:
      refuses ? "\(refusal), which ends it unless the program catches the error" : "\(refusal)"
    }
  }

  private var respawning: Sentence {
    let ended = context.workers.count { $0.termination != nil }
    let soFar = ended > 1 ? " (\(ended)\(isOver ? "" : " so far"))" : ""
    return isOver
      ? "each worker ended with CPython's RuntimeError and was replaced\(soFar)"
      : "left alone, each worker ends with CPython's RuntimeError and is replaced, for ever\(soFar)"
  }

  private var waiter: String {
    context.parent.map { $0.pid.shown } ?? "its parent"
  }

  private var maskedEnd: String {
    context.report.termination == .status(0)
      ? "the run exits 0 as if nothing had failed"
      : "the run would exit 0 as if nothing had failed"
  }

  // MARK: Why the script is run a second time

  private var reason: Sentence {
    switch context.finding.cycle {
    case .library(let program):
      "each worker (\(program.sentence)) runs the main script as \(code: MainModule.nameInWorker)"
    case .executable:
      "a frozen program starts its own executable as worker and resource tracker, which runs the main "
        + "script again unless \(code: MainGuard.freezeSupport) is called first"
    case .server:
      "the forkserver imports the main script as \(code: MainModule.nameInWorker) before it starts "
        + "workers\(context.forkImportsNothing)"
    case .worker, nil:
      "under \(context.startMethod), each worker imports the main script as "
        + "\(code: MainModule.nameInWorker)\(context.forkImportsNothing)"
    }
  }
}

extension WorkerProgram {
  /// The program in a sentence.
  var sentence: Sentence {
    switch self {
    case .module(let name): "\(code: "python -m \(name)")"
    case .script(let path): "\(path: path)"
    case .text: "a library's own"
    }
  }
}
