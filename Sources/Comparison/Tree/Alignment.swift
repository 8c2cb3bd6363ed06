internal import Analysis
internal import Diagnostics
internal import TraceModel

/// Which groups of two runs are the same, and which have no counterpart.
struct Alignment {
  struct Pair {
    let good: ProcessGroup
    let bad: ProcessGroup
    /// The pair of the processes that have asked for them; nil for the roots.
    let parent: Int?
  }

  struct Single {
    let group: ProcessGroup
    /// The pair of the processes that have asked for it; nil for the roots.
    let parent: Int?
  }

  private(set) var pairs: [Pair] = []
  private(set) var good: [Single] = []
  private(set) var bad: [Single] = []
  /// What one run puts around the program that the other one runs.
  private(set) var wrapper: Difference?

  init(_ good: ProcessTree, _ bad: ProcessTree) {
    align(good.roots, bad.roots, below: nil)
    var next = 0
    while next < pairs.count {
      align(pairs[next].good.groups, pairs[next].bad.groups, below: next)
      next += 1
    }
  }

  private mutating func align(_ good: [ProcessGroup], _ bad: [ProcessGroup], below parent: Int?) {
    var (good, bad) = (good, bad)
    // The command's first process is the command, whatever it runs.
    if parent == nil, let one = good.first, let other = bad.first {
      pairs.append(unwrapped(one, other))
      (good, bad) = (Array(good.dropFirst()), Array(bad.dropFirst()))
    }
    for likeness in Likeness.allCases where !good.isEmpty && !bad.isEmpty {
      (good, bad) = match(good, bad, likeness, below: parent)
    }
    // A fork that was killed before it executed its program is that program's process.
    let sites = (Set(good.compactMap(\.kind.site)), Set(bad.compactMap(\.kind.site)))
    func isOfRace(_ group: ProcessGroup) -> Bool {
      guard let site = group.kind.site, sites.0.contains(site), sites.1.contains(site) else {
        return false
      }
      return (good + bad).contains { $0.kind.site == site && $0.isKilledFork }
    }
    let singles = (good.filter { !isOfRace($0) }, bad.filter { !isOfRace($0) })
    self.good += singles.0.map { Single(group: $0, parent: parent) }
    self.bad += singles.1.map { Single(group: $0, parent: parent) }
  }

  /// The pair of the two commands. If only one of them is Python's, the other may be a wrapper that
  /// runs it: `timeout 60 python main.py`.
  private mutating func unwrapped(_ one: ProcessGroup, _ other: ProcessGroup) -> Pair {
    let isGood = one.kind.family == .python
    guard isGood != (other.kind.family == .python) else {
      return Pair(good: one, bad: other, parent: nil)
    }
    let (plain, wrapped) = isGood ? (one, other) : (other, one)
    guard let inner = wrapped.program(like: plain.kind) else {
      return Pair(good: one, bad: other, parent: nil)
    }
    var difference = Difference(
      .command,
      isGood
        ? "the command is run by " + wrapped.program
        : "the command is not run by " + wrapped.program,
      good: one.commandLine, bad: other.commandLine)
    (difference.goodProcesses, difference.badProcesses) = (one.ids, other.ids)
    wrapper = difference
    return isGood
      ? Pair(good: plain, bad: inner, parent: nil) : Pair(good: inner, bad: plain, parent: nil)
  }

  /// Makes pairs of the groups that are alike, in their order, and returns the rest.
  private mutating func match(
    _ good: [ProcessGroup], _ bad: [ProcessGroup], _ likeness: Likeness, below parent: Int?
  ) -> ([ProcessGroup], [ProcessGroup]) {
    var waiting: [ProcessKind: [Int]] = [:]
    for (index, group) in bad.enumerated().reversed() {
      if let kind = likeness.part(of: group.kind) { waiting[kind, default: []].append(index) }
    }
    var taken: Set<Int> = []
    var rest: [ProcessGroup] = []
    for group in good {
      guard let kind = likeness.part(of: group.kind), let index = waiting[kind]?.popLast() else {
        rest.append(group)
        continue
      }
      taken.insert(index)
      pairs.append(Pair(good: group, bad: bad[index], parent: parent))
    }
    return (rest, bad.indices.filter { !taken.contains($0) }.map { bad[$0] })
  }
}

/// What two kinds of processes must have in common to be taken for the same, the strictest first.
private enum Likeness: CaseIterable {
  case all
  case butText
  case butSite
  /// Workers that are asked for at the same place, by another method.
  case workersOfPlace
  /// Workers of different places, by the same method.
  case workersOfMethod
  case workers
  /// One of several numbered ones.
  case butNumbers
  case targetAtPlace
  case target
  /// Another program at the same place.
  case place

  /// The part of a kind that must be equal; nil if the kind is never matched in this way.
  func part(of kind: ProcessKind) -> ProcessKind? {
    var part = kind
    part.siteText = nil
    switch self {
    case .all: return kind
    case .butText: return part
    case .butSite:
      // Workers have nothing else that tells one from the other.
      if kind.family == .worker || kind.family == .fork { return nil }
      part.site = nil
    case .workersOfPlace:
      guard kind.family == .worker, kind.site != nil else { return nil }
      (part.role, part.method) = (.other, nil)
    case .workersOfMethod:
      guard kind.family == .worker || kind.family == .fork else { return nil }
      part.site = nil
    case .workers:
      guard kind.family == .worker else { return nil }
      (part.site, part.role, part.method) = (nil, .other, nil)
    case .butNumbers:
      guard kind.hasProgram else { return nil }
      part = part.withoutNumbers
    case .targetAtPlace:
      guard kind.hasProgram, kind.site != nil else { return nil }
      part.arguments = []
    case .target:
      guard kind.hasProgram else { return nil }
      (part.arguments, part.site) = ([], nil)
    case .place:
      guard kind.hasProgram, kind.site != nil else { return nil }
      (part.arguments, part.target) = ([], .none)
      (part.family, part.role) = (.other, .other)
    }
    return part
  }
}

extension ProcessGroup {
  fileprivate var isKilledFork: Bool {
    kind.family == .fork && members.allSatisfy { $0.termination == .signal(SignalName.kill) }
  }

  /// The program below that runs the same as another one; nil if there is none near.
  fileprivate func program(like kind: ProcessKind) -> ProcessGroup? {
    var level = groups
    for _ in 0..<4 {
      if let found = level.first(where: {
        $0.kind.family == .python && $0.kind.target == kind.target
      }) {
        return found
      }
      level = level.flatMap(\.groups)
    }
    return nil
  }
}

extension ProcessKind {
  /// Whether it is a program of its own.
  fileprivate var hasProgram: Bool {
    switch family {
    case .python, .shell, .other: true
    case .worker, .fork, .server, .tracker: false
    }
  }
}
