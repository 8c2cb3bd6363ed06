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
    var groups = Self.grouped(all.filter(\.isWhole), by: \.key).flatMap { Self.faults(of: $0) }
    groups = joined(byText: groups)
    groups = Self.joined(byStatement: groups)
    let parts = Self.grouped(all.filter { !$0.isWhole }) { Part($0) }.map { Group($0) }
    // Who knows more comes first, so that what knows less can join it.
    var index = GroupIndex(groups)
    for part in Self.byKnowledge(parts) {
      var wholes = index.candidates(for: part).filter { groups[$0].explains(part) }
      if wholes.count > 1 { wholes = wholes.filter { groups[$0].containsStacks(of: part) } }
      if wholes.count == 1 {
        groups[wholes[0]].add(part)
        index.add(part, at: wholes[0])
      } else {
        index.add(part, at: groups.count)
        groups.append(part)
      }
    }
    return groups
  }

  /// The observations with equal keys, in the order in which the first of each comes.
  private static func grouped<Key: Hashable>(
    _ observations: [Observation], by key: (Observation) -> Key
  ) -> [[Observation]] {
    var groups: [[Observation]] = []
    var indices: [Key: Int] = [:]
    for observation in observations {
      let index = indices[key(observation)]
      if let index {
        groups[index].append(observation)
      } else {
        indices[key(observation)] = groups.count
        groups.append([observation])
      }
    }
    return groups
  }

  /// Tells the faults of one key apart: if runs began in several folders, the same path may be that of
  /// several files. The call site shows it.
  private static func faults(of observations: [Observation]) -> [Group] {
    var groups: [(roots: Set<Root?>, sites: Set<FaultPlace?>, group: Group)] = []
    // A log of strace knows no call site: if there is one fault alone, it is that one.
    let known = observations.filter { $0.account.callSite != nil }
    for observation in known + observations.filter({ $0.account.callSite == nil }) {
      let site = observation.account.callSite.map {
        // The function isn't the same in all Pythons: 3.12 has no frames of comprehensions.
        FaultPlace(path: $0.place.path, function: "", text: $0.place.text)
      }
      let root = observation.root
      let isSure = root?.isCheckout != false || site == nil && groups.count == 1
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
    /// The name that a report in a log gives.
    var fingerprint: String?

    init(_ observation: Observation) {
      key = observation.key
      // A place without a text is known by its line alone.
      lines = observation.account.places.map { $0.place.text == nil ? $0.line : nil }
      frames = observation.account.places.isEmpty ? observation.account.frames.map(\.place) : []
      fingerprint = observation.isOwnReport ? observation.account.fingerprint : nil
    }
  }

  /// The groups with those first that know more.
  private static func byKnowledge(_ groups: [Group]) -> [Group] {
    groups.map { group in
      let leader = group.leader
      return (leader.knowledge, leader.account.orderKey, group)
    }.sorted { $0.0 != $1.0 ? $0.0 > $1.0 : $0.1.precedes($1.1) }.map(\.2)
  }

  /// Adds groups whose text is a torn form of exactly one other's.
  private func joined(byText groups: [Group]) -> [Group] {
    guard groups.contains(where: \.isFromLogs) else { return groups }
    var lines: [TextLine: Set<Int>] = [:]
    for (index, group) in groups.enumerated() {
      for member in group.members { lines[TextLine(member), default: []].insert(index) }
    }
    var wholes: [Group] = []
    var torn: [(group: Group, index: Int)] = []
    for (index, group) in groups.enumerated() {
      let others = (lines[TextLine(group.members[0])] ?? []).sorted().filter {
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

  /// Puts groups together that name different lines of one statement, as different Pythons do.
  private static func joined(byStatement groups: [Group]) -> [Group] {
    guard groups.contains(where: { $0.members.contains { $0.statement != nil } }) else {
      return groups
    }
    var result: [Group] = []
    var known: [FaultKey: Int] = [:]
    // Those with a statement of several lines first: the others may be its first line.
    let ordered = groups.filter { $0.statement != nil } + groups.filter { $0.statement == nil }
    for group in ordered {
      let key = group.statement ?? group.members[0].key
      if let index = known[key] {
        result[index].add(group)
      } else {
        if group.statement != nil { known[key] = result.count }
        result.append(group)
      }
    }
    return result
  }

  /// The line on which a text and its torn forms stand.
  private struct TextLine: Hashable {
    var rule: Rule
    var startMethod: StartMethod?
    var path: String?
    var line: Int?

    init(_ observation: Observation) {
      let first = observation.account.places.first
      rule = observation.account.rule
      startMethod = observation.account.startMethod
      path = first?.place.path
      line = first?.line
    }
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
    return result.values.map { ($0.account.orderKey, $0.root?.path ?? "", $0) }.sorted {
      $0.0 != $1.0 ? $0.0.precedes($1.0) : $0.1.precedes($1.1)
    }.map(\.2)
  }
}
