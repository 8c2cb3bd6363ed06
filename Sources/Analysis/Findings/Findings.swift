internal import TraceModel

/// The findings of a run, in the order in which they were made, and which processes show them.
///
/// All rules share it: a rule sees what another one has explained, and the report has what each found.
package struct Findings: Sendable {
  /// Names a finding in the list; never used again when it is withdrawn.
  struct Key: Hashable, Sendable {
    fileprivate let index: Int
  }

  private struct Entry {
    var finding: Finding
    /// Whether it waits to be announced: something worse may explain it.
    var isHeld: Bool
  }

  /// nil for one that was withdrawn.
  private var entries: [Entry?] = []
  /// What live processes show.
  private var shown: [Int: Set<Key>] = [:]
  /// The processes that findings name: their records are kept.
  private(set) var named: Set<Int> = []

  var isEmpty: Bool { named.isEmpty }

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

  /// One more process shows it; false if it did before.
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

  /// Announces one that was held; nil if it was withdrawn.
  mutating func release(_ key: Key) -> Finding? {
    entries[key.index]?.isHeld = false
    return entries[key.index]?.finding
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

  /// A process has ended, and its end was judged.
  mutating func forget(_ process: Int) {
    if !shown.isEmpty { shown[process] = nil }
  }

  /// Whether an error was found by a rule, wherever it is now.
  func contains(_ rule: Rule) -> Bool {
    entries.contains { $0?.finding.rule == rule }
  }

  /// All of them, held ones too: gravest first, then as they were found.
  package var reported: [Finding] {
    let all = entries.compactMap(\.?.finding)
    func order(_ item: (offset: Int, element: Finding)) -> (Int, UInt64, Int) {
      (item.element.rule.severity == .error ? 0 : 1, item.element.provenByEvent, item.offset)
    }
    return all.enumerated().sorted { order($0) < order($1) }.map(\.element)
  }
}
