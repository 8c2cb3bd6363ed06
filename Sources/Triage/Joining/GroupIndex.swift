internal import Analysis

/// Finds the groups that can have to do with a fault, without looking at all of them: a pile may have
/// thousands of causes.
struct GroupIndex {
  private enum Sign: Hashable {
    /// A file, by the last part of its path.
    case file(Rule, Substring)
    case fingerprint(String)
  }

  private var indices: [Sign: Set<Int>] = [:]

  init(_ groups: [Group]) {
    for (index, group) in groups.enumerated() { add(group, at: index) }
  }

  mutating func add(_ group: Group, at index: Int) {
    for member in group.members {
      for sign in Self.signs(of: member, all: true) { indices[sign, default: []].insert(index) }
    }
  }

  /// The indices of groups that share a file or a name with each member, in their order.
  func candidates(for group: Group) -> [Int] {
    var result: Set<Int>?
    for member in group.members {
      let found = Self.signs(of: member, all: false)
        .reduce(into: Set<Int>()) { $0.formUnion(indices[$1] ?? []) }
      result = result?.intersection(found) ?? found
    }
    return (result ?? []).sorted()
  }

  /// - Parameter all: Whether to take all files that it names, and not only those which another one
  ///   must know, too.
  private static func signs(of observation: Observation, all: Bool) -> [Sign] {
    let account = observation.account
    var spots = account.places.isEmpty ? account.frames : account.places
    if all { spots = account.places + account.frames + [account.script].compactMap(\.self) }
    let names = all ? [account.fingerprint, observation.key.fingerprint] : [account.fingerprint]
    return spots.map { .file(account.rule, PortablePath.name($0.place.path)) }
      + names.compactMap(\.self).map { .fingerprint($0) }
  }
}
