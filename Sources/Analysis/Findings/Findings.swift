internal import TraceModel

/// The findings of a run, in the order in which they were made, and which processes show them.
///
/// All rules share the list: a rule sees what another one has explained, and the report has all
/// findings.
package struct Findings: Sendable {
  /// The name of a finding in the list; never used again when the finding is withdrawn.
  struct Key: Hashable, Sendable {
    fileprivate let index: Int
  }

  private struct Entry {
    var finding: Finding
    /// Whether the finding waits to be announced: something worse may explain it.
    var isHeld: Bool
  }

  /// The findings by name; nil for a withdrawn one.
  private var entries: [Entry?] = []
  /// The findings that live processes show.
  private var shown: [Int: Set<Key>] = [:]
  /// The processes that findings name: their records are kept.
  private(set) var named: Set<Int> = []

  /// Adds a finding, which its processes show.
  mutating func add(_ finding: Finding, isHeld: Bool = false) -> Key {
    let key = Key(index: entries.count)
    entries.append(Entry(finding: finding, isHeld: isHeld))
    for process in finding.processes {
      shown[process, default: []].insert(key)
      named.insert(process)
    }
    return key
  }

  /// Notes that one more process shows a finding; false if it did before.
  @discardableResult
  mutating func add(_ process: Int, to key: Key) -> Bool {
    guard entries[key.index] != nil, shown[process, default: []].insert(key).inserted else {
      return false
    }
    if entries[key.index]?.finding.add(process) == true { named.insert(process) }
    return true
  }

  /// A finding; nil if it was withdrawn.
  subscript(key: Key) -> Finding? {
    entries[key.index]?.finding
  }

  mutating func change(_ key: Key, _ body: (inout Finding) -> Void) {
    if var entry = entries[key.index] {
      entries[key.index] = nil
      body(&entry.finding)
      entries[key.index] = entry
    }
  }

  /// Changes every finding of a rule.
  mutating func changeAll(of rule: Rule, _ body: (inout Finding) -> Void) {
    for index in entries.indices where entries[index]?.finding.rule == rule {
      change(Key(index: index), body)
    }
  }

  /// Announces a finding that was held; nil if it was withdrawn.
  mutating func release(_ key: Key) -> Finding? {
    entries[key.index]?.isHeld = false
    return entries[key.index]?.finding
  }

  /// Whether a finding waits to be announced.
  func isHeld(_ key: Key) -> Bool {
    entries[key.index]?.isHeld == true
  }

  mutating func withdraw(_ key: Key) {
    entries[key.index] = nil
  }

  mutating func withdrawAll(where isExplained: (Finding) -> Bool) {
    for index in entries.indices {
      if let entry = entries[index], isExplained(entry.finding) { entries[index] = nil }
    }
  }

  /// Whether a live process shows a finding of a rule.
  func isShown(_ rule: Rule, by process: Int) -> Bool {
    guard !shown.isEmpty, let keys = shown[process] else { return false }
    return keys.contains { entries[$0.index]?.finding.rule == rule }
  }

  /// Forgets a process that has ended, after its end was judged.
  mutating func forget(_ process: Int) {
    if !shown.isEmpty { shown[process] = nil }
  }

  /// All findings, held ones too: gravest first, then in the order in which they were made.
  package var reported: [Finding] {
    let all = entries.compactMap(\.?.finding)
    func order(_ item: (offset: Int, element: Finding)) -> (Int, UInt64, Int) {
      (item.element.severity == .error ? 0 : 1, item.element.provenByEvent, item.offset)
    }
    return all.enumerated().sorted { order($0) < order($1) }.map(\.element)
  }
}
