internal import Analysis
internal import Multiprocessing
internal import TraceModel

extension Cause {
  /// Sums a group up.
  init(_ group: Group) {
    let speaker = Self.speaker(of: group)
    let leader = group.leader
    let sightings = group.members.flatMap(\.sightings)
    rule = leader.account.rule
    certainty = group.members.map(\.account.certainty).max { $0.rank < $1.rank } ?? .guess
    severity = group.members.contains { $0.account.severity == .error } ? .error : .note
    fingerprint = leader.isOwnReport ? leader.account.fingerprint ?? "" : leader.key.fingerprint
    title = speaker.account.title
    culprit = speaker.account.culprit
    callSite = speaker.account.callSite
    startMethod = leader.account.startMethod
    blame = Self.blame(for: leader.account, speaker.account, certainty)
    inputs = Set(sightings.map(\.input)).sorted { $0.precedes($1) }
    firstSeen = sightings.compactMap(\.first).min()
    lastSeen = sightings.compactMap(\.last).max()
    accounts = group.members.reduce(into: [:]) { $0.merge($1.raw) { $0.union($1) } }
    var examples: [String] = []
    for member in group.members.sorted(by: { Self.speaksBefore($0, $1) }) {
      for input in member.sightings.map(\.input).sorted(by: { $0.precedes($1) })
      where examples.count < 3 && !examples.contains(input) {
        examples.append(input)
      }
    }
    self.examples = examples
  }

  private static func blame(
    for leader: Account, _ speaker: Account, _ certainty: Certainty
  ) -> Blame {
    // SIGKILL comes from outside: from the kernel where memory ran out, or a limit.
    if leader.rule == .workerCrash, leader.circumstance?.hasPrefix("signal 9") == true {
      return .environment
    }
    guard certainty != .guess, let place = speaker.culprit ?? speaker.callSite else {
      return .unsure
    }
    let path = place.place.path
    switch CodeOrigin(path: path) {
    case .package, .standardLibrary: return .package
    case .generated: return .unsure
    case .user: return speaker.script?.place.path == path ? .entryScript : .module
    }
  }

  /// The observation whose place and title are shown: the strongest and newest.
  private static func speaker(of group: Group) -> Observation {
    group.members.min(by: speaksBefore) ?? group.leader
  }

  private static func speaksBefore(_ one: Observation, _ other: Observation) -> Bool {
    func rank(_ item: Observation) -> Int {
      item.strength * 4 + (item.account.culprit?.line != nil ? 2 : 0)
        + (item.account.callSite != nil ? 1 : 0)
    }
    let (a, b) = (rank(one), rank(other))
    if a != b { return a > b }
    let (newest, oldest) = (
      one.sightings.compactMap(\.last).max(), other.sightings.compactMap(\.last).max()
    )
    switch (newest, oldest) {
    case (let newest?, let oldest?) where newest != oldest: return newest > oldest
    case (_?, nil): return true
    case (nil, _?): return false
    default: break
    }
    let inputs = (one.sightings.map(\.input), other.sightings.map(\.input))
    let (first, second) = (
      inputs.0.min { $0.precedes($1) } ?? "", inputs.1.min { $0.precedes($1) } ?? ""
    )
    return first != second ? first.precedes(second) : one.account.precedes(other.account)
  }
}

extension Certainty {
  /// Higher is surer.
  var rank: Int {
    switch self {
    case .proven: 2
    case .likely: 1
    case .guess: 0
    }
  }
}
