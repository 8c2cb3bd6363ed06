internal import Bytes

// Results of triage name their inputs as they were called where each was made, so two shards may use
// one name for two inputs.
extension Pile {
  /// Puts piles together. An input that several of them say the same of is one. If they say different
  /// things, there are several inputs of one name; each gets a hash of what is said of it behind its
  /// name, whatever the order and nesting of the piles.
  static func merged(_ piles: [Pile]) -> Pile {
    guard piles.count > 1 else { return piles.first ?? Pile() }
    let facts = piles.map(\.facts)
    var variants: [Substring: Set<UInt32>] = [:]
    for (name, hash) in facts.joined() { variants[baseName(name), default: []].insert(hash) }
    var result = Pile()
    for (pile, facts) in zip(piles, facts) {
      let names = facts.filter { variants[baseName($0.key), default: []].count > 1 }
        .map { ($0.key, "\(baseName($0.key)) (\($0.value.zeroPadded(to: 8, radix: 16)))") }
      result.add(names.isEmpty ? pile : pile.renamed(Dictionary(names) { $1 }))
    }
    return result
  }

  /// The name without the hash that merging has put behind it.
  private static func baseName(_ name: String) -> Substring {
    let end = name.utf8.suffix(hashLength)
    guard end.count == hashLength, end.starts(with: " (".utf8), end.last == UInt8(ascii: ")"),
      end.dropFirst(2).dropLast().allSatisfy({
        (0x30...0x39).contains($0) || (0x61...0x66).contains($0)
      })
    else { return name[...] }
    return name.dropLast(hashLength)
  }

  /// A space, two parentheses, and eight digits.
  private static var hashLength: Int { 11 }

  /// A hash of all that is said of each input but its name.
  private var facts: [String: UInt32] {
    var parts: [String: [UInt64]] = [:]
    func add(_ text: String, _ name: String) {
      parts[name, default: []].append(FNV1a64(text.utf8).value)
    }
    for (account, sightings) in accounts {
      let key = account.orderKey
      for sighting in sightings {
        let times = "\(sighting.first?.text ?? "") \(sighting.last?.text ?? "")"
        let root = sighting.root.map { "\($0.kind.rawValue) \($0.path)" } ?? ""
        add("account \(key) \(times) \(root)", sighting.input)
      }
    }
    for name in healthy { add("healthy", name) }
    for name in silent { add("silent", name) }
    for name in placeless { add("placeless", name) }
    for name in passed { add("passed", name) }
    for (name, why) in unreadable { add("unreadable \(why)", name) }
    for (kind, names) in troubles {
      for name in names { add("trouble \(kind)", name) }
    }
    // The sum doesn't depend on the order.
    return parts.mapValues { hashes in
      let sum = hashes.reduce(0) { $0 &+ $1 &* 0x9E37_79B9_7F4A_7C15 }
      return UInt32(truncatingIfNeeded: sum >> 32)
    }
  }

  private func renamed(_ names: [String: String]) -> Pile {
    func name(_ input: String) -> String { names[input] ?? input }
    var result = Pile()
    for (account, sightings) in accounts {
      for var sighting in sightings {
        sighting.input = name(sighting.input)
        result.add(account, sighting)
      }
    }
    for input in healthy { result.addHealthy(name(input)) }
    for input in silent { result.addSilent(name(input)) }
    for input in placeless { result.addPlaceless(name(input)) }
    for input in passed { result.addPassed(name(input)) }
    for (input, why) in unreadable { result.addUnreadable(name(input), why: why) }
    for (kind, inputs) in troubles {
      for input in inputs { result.addTrouble(kind, name(input)) }
    }
    return result
  }
}
