internal import Analysis
internal import Diagnostics
internal import TraceModel

extension FixTrial.Result {
  /// What was seen with the edit, in one line.
  ///
  /// - Parameter ending: How the last run ended; nil if there was none.
  func sentence(ending: Termination?) -> String {
    let end =
      switch ending {
      case .status(let status): ", exit \(status)"
      case .signal(let signal): ", signal \(signal)"
      case nil: ""
      }
    return switch self {
    case .healthy where ending == .status(0): "the edit was tried: healthy\(end)"
    case .healthy: "the edit was tried: no fault is left\(end)"
    case .changesNothing(let finding):
      "the edit was tried, and changes nothing: \(finding.summary)"
    case .limit(let finding):
      "the edit was tried; after five edits another one is needed: \(finding.summary)"
    case .showsNothing:
      "the edit was tried, and the run shows nothing: no worker was started\(end)"
    case .remains(let finding):
      "the edit was tried, and is not enough: \(finding.summary)"
    case .failed(let reason): "the edit was not tried: \(reason)"
    case .untried: "the edit was not tried, because the run was ended\(end)"
    case .ended: "the run was ended before it could show what the edit does\(end)"
    }
  }
}

extension Finding {
  /// The rule, the place and the title, in one line.
  fileprivate var summary: String {
    let place = culprit.map { place in
      " at " + place.path + (place.line.map { ":\($0)" } ?? "")
    }
    return "\(rule.rawValue) (\(rule.kind))\(place ?? "")"
  }
}
