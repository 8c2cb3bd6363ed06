internal import Analysis
internal import TraceModel

/// What some inputs say of one fault, with paths that are the same in all inputs.
struct Observation {
  /// With the paths of the book.
  let account: Account
  /// The folder that the inputs' paths were relative to; nil if it isn't known.
  let root: Root?
  private(set) var sightings: Set<Sighting> = []
  /// The same as the inputs say it, in their own paths.
  private(set) var raw: [Account: Set<Sighting>] = [:]

  init(account: Account, root: Root?) {
    self.account = account
    self.root = root
  }

  mutating func add(_ item: Account, _ sightings: Set<Sighting>) {
    self.sightings.formUnion(sightings)
    raw[item, default: []].formUnion(sightings)
  }

  /// The same key with the first line of the statement, if the one place is another line of it.
  var statement: FaultKey? {
    guard account.places.count == 1, let first = account.places[0].statement else { return nil }
    var key = key
    key.places[0].text = first
    return key
  }

  /// What it knows of the fault, as far as other inputs know it, too.
  var key: FaultKey {
    FaultKey(
      rule: account.rule, startMethod: account.startMethod, places: account.places.map(\.place),
      circumstance: account.circumstance)
  }

  /// Whether it is a report of spawntrace's own in a log, which gives the fault's name and little else.
  var isOwnReport: Bool { account.origin == .log && account.fingerprint != nil }

  /// Whether it tells the fault from all others of its rule.
  var isWhole: Bool {
    !isOwnReport && !account.places.isEmpty && account.places.allSatisfy { $0.place.text != nil }
      && (account.startMethod != nil || account.origin == .run)
  }

  /// How much it knows: of two that could be the same fault, the one that knows less joins the other.
  var knowledge: Int {
    let lines = account.places.count { $0.line != nil }
    let texts = account.places.count { $0.place.text != nil }
    return account.places.count * 1000 + (lines + texts) * 100 + account.frames.count
      + (account.startMethod == nil ? 0 : 1)
  }
}

/// What one fault is known by in all inputs.
struct FaultKey: Hashable {
  var rule: Rule
  var startMethod: StartMethod?
  var places: [FaultPlace]
  var circumstance: String?

  var fingerprint: String {
    Fingerprint(rule, startMethod, places, circumstance: circumstance).description
  }
}
