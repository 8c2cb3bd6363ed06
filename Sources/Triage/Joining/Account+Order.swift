internal import Analysis
internal import TraceModel

extension Account {
  /// Whether it comes first in an order of all accounts, which is the same everywhere.
  func precedes(_ other: Account) -> Bool {
    orderKey.precedes(other.orderKey)
  }

  /// A text that no other account has.
  var orderKey: String {
    let facts = [
      title, rule.rawValue, origin.rawValue, severity.rawValue, certainty.rawValue,
      startMethod?.rawValue ?? "", circumstance ?? "", fingerprint ?? "",
    ]
    let all: [[Spot?]] = [[script], [culprit], [callSite], places, frames]
    let spots = all.map { $0.map { $0?.orderKey ?? "" }.joined(separator: "\u{1}") }
    return (facts + spots).joined(separator: "\u{0}")
  }
}

extension Spot {
  fileprivate var orderKey: String {
    [
      place.path, place.function, place.text ?? "\u{2}", line.map { String($0) } ?? "",
      statement ?? "",
    ]
    .joined(separator: "\u{3}")
  }
}
