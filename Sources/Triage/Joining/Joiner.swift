internal import Analysis
internal import TraceModel

/// Finds out which observations are of one fault.
///
/// What it answers depends on what the inputs say alone, not on their order.
struct Joiner {
  private let book: PathBook

  init(_ account: [Account: Set<Sighting>]) {
    book = PathBook(account)
  }

  /// Returns the groups, each of one fault.
  func groups(_ account: [Account: Set<Sighting>]) -> [Group] {
    let all = observations(account)
    var groups = Dictionary(grouping: all.filter(\.isWhole), by: \.key).values
      .flatMap { Self.faults(of: $0) }
    groups = joined(byText: groups)
    let parts = Dictionary(grouping: all.filter { !$0.isWhole }) { Part($0) }.values
      .map { Group($0) }
    // Who knows more comes first, so that what knows less can join it.
    for part in parts.sorted(by: Self.knowsMore) {
      var wholes = groups.indices.filter { groups[$0].explains(part) }
      if wholes.count > 1 { wholes = wholes.filter { groups[$0].containsStacks(of: part) } }
      if wholes.count == 1 {
        groups[wholes[0]].add(part)
      } else {
        groups.append(part)
      }
    }
    return groups
  }

  /// Tells the faults of one key apart: if runs began in several folders, the same path may be that of
  /// several files. The call site shows it.
  private static func faults(of observations: [Observation]) -> [Group] {
    var groups: [(roots: Set<Root?>, sites: Set<FaultPlace?>, group: Group)] = []
    for observation in observations {
      let site = observation.account.callSite.map {
        // The function isn't the same in all Pythons: 3.12 has no frames of comprehensions.
        FaultPlace(path: $0.place.path, function: "", text: $0.place.text)
      }
      let root = observation.root
      let isSure = root?.isCheckout != false
      let same = groups.indices.filter {
        isSure || groups[$0].roots.contains(root) || groups[$0].sites.contains(site)
          || groups[$0].roots.contains { $0?.isCheckout != false }
      }
      guard let first = same.first else {
        groups.append((roots: [root], sites: [site], group: Group([observation])))
        continue
      }
      groups[first].roots.insert(root)
      groups[first].sites.insert(site)
      groups[first].group.add(Group([observation]))
      for index in same.dropFirst().reversed() {
        let other = groups.remove(at: index)
        groups[first].roots.formUnion(other.roots)
        groups[first].sites.formUnion(other.sites)
        groups[first].group.add(other.group)
      }
    }
    return groups.map(\.group)
  }

  /// What an observation knows that isn't whole: all of it.
  private struct Part: Hashable {
    var key: FaultKey
    var lines: [Int?]
    var frames: [FaultPlace]

    init(_ observation: Observation) {
      key = observation.key
      // A place without a text is known by its line alone.
      lines = observation.account.places.map { $0.place.text == nil ? $0.line : nil }
      frames = observation.account.places.isEmpty ? observation.account.frames.map(\.place) : []
    }
  }

  private static func knowsMore(_ one: Group, _ other: Group) -> Bool {
    let (a, b) = (one.leader, other.leader)
    if a.knowledge != b.knowledge { return a.knowledge > b.knowledge }
    return (a.key.fingerprint, a.account.title) < (b.key.fingerprint, b.account.title)
  }

  /// Adds groups whose text is a torn form of exactly one other's.
  private func joined(byText groups: [Group]) -> [Group] {
    guard groups.contains(where: \.isFromLogs) else { return groups }
    var wholes: [Group] = []
    var torn: [(group: Group, index: Int)] = []
    for (index, group) in groups.enumerated() {
      let others = groups.indices.filter {
        $0 != index && groups[$0].isWholeForm(of: group)
          // Of two torn forms neither explains the other.
          && (!groups[$0].isFromLogs
            || groups[$0].members.reduce(0) { $0 + $1.sightings.count }
              > group.members.reduce(0) { $0 + $1.sightings.count })
      }
      if others.count == 1 { torn.append((group, others[0])) } else { wholes.append(group) }
    }
    for (group, index) in torn {
      let key = groups[index].members[0].key
      if let whole = wholes.firstIndex(where: { $0.members.contains { $0.key == key } }) {
        wholes[whole].add(group)
      } else {
        wholes.append(group)
      }
    }
    return wholes
  }

  private struct Name: Hashable {
    var account: Account
    var root: Root?
  }

  /// The account with the book's paths. Account of several checkouts may split.
  private func observations(_ account: [Account: Set<Sighting>]) -> [Observation] {
    var result: [Name: Observation] = [:]
    for (item, sightings) in account {
      for (root, sightings) in Dictionary(grouping: sightings, by: \.root) {
        let named = item.mapped { spot in
          var spot = spot
          spot.place.path = book.name(of: spot.place.path, in: root)
          return spot
        }
        result[Name(account: named, root: root), default: Observation(account: named, root: root)]
          .add(item, Set(sightings))
      }
    }
    return Array(result.values)
  }
}
