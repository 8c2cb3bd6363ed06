import Analysis
import TraceModel

extension FindingContext {
  /// The second way, which many projects take when Python's default changes under them: workers by
  /// fork at the line that chooses the method, or that starts them. nil if fork is no remedy, or no
  /// such line is known.
  var wayBack: Sentence? {
    guard let method = finding.startMethod, method == .spawn || method == .forkserver,
      finding.certainty != .guess, isMendedByFork
    else { return nil }
    let choice = StartMethodChoice(of: finding, started: method, in: report)
    let cost: Sentence =
      "workers then import and unpickle nothing, but may hang on a lock that another thread held, "
      + "and Windows has no fork"
    if let place = choice.chosenPlace {
      return "or choose \(code: "\"fork\"") at \(place: place): " + cost
    }
    guard choice.isDefault, let site = finding.callSite else { return nil }
    return
      "or keep fork, with \(code: "multiprocessing.get_context(\"fork\")") at \(place: site.place): "
      + cost
  }

  private var isMendedByFork: Bool {
    switch finding.detail {
    case .cycle(.worker), .cycle(.server), .neverRan, .pickling, .notLaunched, .work: true
    case .respawn(let end, _): end.phase == .boot
    default: false
    }
  }
}
