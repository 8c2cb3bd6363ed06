internal import Analysis

/// What many inputs say. Piles can be merged in any order, and twice.
package struct Pile: Sendable {
  /// What the inputs say of faults, and which inputs say it.
  package private(set) var accounts: [Account: Set<Sighting>] = [:]
  /// The inputs whose runs were healthy, and the logs of jobs that passed.
  package private(set) var healthy: Set<String> = []
  /// The inputs that were read and say nothing that is known.
  package private(set) var silent: Set<String> = []
  /// Why inputs can't be read.
  package private(set) var unreadable: [String: String] = [:]
  /// The logs with CPython's bootstrapping error and no place.
  package private(set) var placeless: Set<String> = []
  /// The logs that show other troubles, by the kind.
  package private(set) var troubles: [String: Set<String>] = [:]
  /// The inputs of jobs that passed.
  package private(set) var passed: Set<String> = []

  package init() {}

  /// The number of inputs that were read.
  package var read: Int {
    accounts.values.reduce(into: healthy.union(silent)) { names, sightings in
      names.formUnion(sightings.map(\.input))
    }.count
  }

  // MARK: Adding

  package mutating func add(_ item: Account, _ sighting: Sighting) {
    add(item, [sighting])
  }

  package mutating func addHealthy(_ input: String) { healthy.insert(input) }
  package mutating func addSilent(_ input: String) { silent.insert(input) }
  package mutating func addPlaceless(_ input: String) { placeless.insert(input) }
  package mutating func addPassed(_ input: String) { passed.insert(input) }

  package mutating func addUnreadable(_ input: String, why: String) {
    unreadable[input] = why
  }

  package mutating func addTrouble(_ kind: String, _ input: String) {
    troubles[kind, default: []].insert(input)
  }

  package mutating func add(_ other: Pile) {
    for (item, sightings) in other.accounts { add(item, sightings) }
    healthy.formUnion(other.healthy)
    silent.formUnion(other.silent)
    unreadable.merge(other.unreadable) { min($0, $1) }
    placeless.formUnion(other.placeless)
    troubles.merge(other.troubles) { $0.union($1) }
    passed.formUnion(other.passed)
  }

  private mutating func add(_ item: Account, _ sightings: Set<Sighting>) {
    accounts[item, default: []].formUnion(sightings)
  }

  // MARK: Causes

  /// What logs say of faults without a single place: no two of these are known to be the same.
  package var unplaced: [Account: Set<Sighting>] { accounts.filter { !$0.key.hasPlace } }

  private var placed: [Account: Set<Sighting>] { accounts.filter(\.key.hasPlace) }

  /// The faults: the gravest first, then those that most inputs show.
  package func causes() -> [Cause] {
    Joiner(placed).groups(placed).map { group in
      var cause = Cause(group)
      cause.passedRuns = cause.inputs.count { passed.contains($0) }
      return cause
    }.sorted { one, other in
      func rank(_ cause: Cause) -> (Int, Int) {
        (cause.severity == .error ? 0 : 1, -cause.inputs.count)
      }
      let (a, b) = (rank(one), rank(other))
      if a != b { return a < b }
      if one.rule != other.rule { return one.rule.rawValue < other.rule.rawValue }
      return (one.fingerprint, one.title, one.inputs.first ?? "")
        < (other.fingerprint, other.title, other.inputs.first ?? "")
    }
  }
}
