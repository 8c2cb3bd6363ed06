import Analysis
import TraceModel

/// What is said in words about a re-execution cycle.
struct CycleSentences {
  let context: FindingContext

  static let guardLine = "if __name__ == \"__main__\":"

  private var importer: String {
    context.isForkserver ? "the forkserver" : "a worker"
  }

  // MARK: At the culprit

  /// Why the marked statement is run again.
  var label: String {
    let script = context.scriptName
    guard context.isModuleLevel else {
      return "runs again while \(importer) imports \(script)"
    }
    guard context.isInScript else {
      return "runs again when \(importer) imports \(script), which imports this module"
    }
    let again = "runs again when \(importer) imports this file"
    if let statement = context.enclosingStatement, statement.line.contains("__name__") {
      return "\(again): the condition of line \(statement.number) holds there too"
    }
    return "\(again): it is not under `\(Self.guardLine)`"
  }

  // MARK: Notes

  /// What the cycle does to the run, under the name that the report has for it.
  var effect: (label: String, text: String) {
    let place = context.isForkserver ? "the forkserver" : "the worker"
    guard let consequence = context.finding.consequence else {
      return ("effect", "CPython refuses this second start with a RuntimeError in \(place)")
    }
    let text =
      switch consequence {
      case .contained:
        "\(place) ends with CPython's RuntimeError or catches it; \(runsOn)"
      case .respawning:
        "each worker ends with CPython's RuntimeError and is replaced, for ever\(soFar)"
      case .blocked:
        "\(place) ends with CPython's RuntimeError, and \(waiter) waits for it for ever"
      case .masked:
        "CPython's RuntimeError is swallowed: \(maskedEnd)"
      }
    return (consequence.rawValue, text)
  }

  private var runsOn: String {
    switch context.report.termination {
    case .status(let status): "the run exits \(status)"
    case .signal(let signal): "the run ends by signal \(signal)"
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
      ? "the run exits 0, and nobody knows"
      : "the run would exit 0, and nobody would know"
  }

  /// What makes the interpreter run the script a second time.
  var reason: String {
    let imports =
      context.isForkserver
      ? "the forkserver imports the main script as `__mp_main__` before it serves"
      : "under \(context.startMethod), each worker imports the main script as `__mp_main__`"
    let none = context.isForkserver ? "nothing" : "none"
    return imports + "; under fork\(wasDefault), \(none) did"
  }

  private var wasDefault: String {
    guard context.finding.startMethod == .forkserver, let python = context.finding.python,
      python >= PythonVersion(major: 3, minor: 14)
    else { return "" }
    return ", the default on Linux before Python 3.14"
  }

  /// What could not be seen; nil where all was.
  var unseen: String? {
    let limitations = context.report.limitations.map(\.sentence)
    return limitations.isEmpty
      ? nil : context.style.printable(limitations.joined(separator: "; "))
  }

  // MARK: At the end

  /// The finding's identity and what its proof is.
  var identity: String {
    let finding = context.finding
    let certainty =
      switch finding.certainty {
      case .proven: "proven \(moment)"
      case .likely: "not proven, but likely: inferred \(moment)"
      case .guess: "not proven: a guess from a log's text"
      }
    let python = finding.python.map { ", Python \($0)" } ?? ""
    return "id \(finding.fingerprint)  \(certainty)\(python)"
  }

  private var moment: String {
    let finding = context.finding
    // A log may have no clock, and nothing is found at a run's first moment.
    guard finding.provenAt > .zero else { return "by event \(finding.provenByEvent)" }
    let milliseconds = finding.provenAt.nanoseconds / 1_000_000
    let digits = String(milliseconds % 1000)
    let padding = String(repeating: "0", count: 3 - digits.count)
    let seconds = "\(milliseconds / 1000).\(padding)\(digits)"
    return "at \(seconds) s by event \(finding.provenByEvent)"
  }
}
