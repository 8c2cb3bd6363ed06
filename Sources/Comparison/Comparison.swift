internal import Analysis
internal import Diagnostics
internal import TraceModel

/// In what a bad run differs from a good one of the same program.
package struct Comparison {
  /// What differs: the first departure that matters, then the others by their weight.
  package private(set) var differences: [Difference]
  /// What differs between the two runs' beginnings, if the first departure is something else: it
  /// may be the reason.
  package private(set) var reasons: [Difference] = []
  /// How many variables differ that name a job, a machine or a session. They count for nothing.
  package private(set) var sessionVariables = 0
  /// How many groups of processes are the same in both runs.
  package private(set) var sameGroups = 0

  package init(good: ComparedRun, bad: ComparedRun) {
    let paths = PathNames.pair(good, bad)
    let alignment = Alignment(
      ProcessTree(good, ProcessKinds(good, paths.good)),
      ProcessTree(bad, ProcessKinds(bad, paths.bad)))

    let pairs = PairDepartures(good: good, bad: bad, paths: paths)
    differences = alignment.pairs.flatMap { pair -> [Difference] in
      pairs.differences(pair, isCommand: pair.parent == nil && pair.good.first.id == 1)
    }
    differences += Self.unmatchedMethods(alignment, good, bad, differences)
    let goodMain = GoodMain(good, paths.good)
    differences +=
      FindingDepartures(good: good, bad: bad, paths: paths, goodMain: goodMain).differences
    if let one = good.environment, let other = bad.environment {
      let departures = EnvironmentDepartures(good: one, bad: other, paths: paths)
      differences += departures.differences
      sessionVariables = departures.ofSession
    }
    let processes = ProcessDepartures(good: good, bad: bad, paths: paths, goodMain: goodMain)
    var single = alignment.bad.map { processes.added($0.group) }
    // Whatever a run that was ended did not reach isn't missing in it.
    if bad.isWhole || differences.isEmpty {
      single += alignment.good.map { processes.missing($0.group) }
    }
    differences += single
    differences = Self.sorted(Self.withoutFollowing(differences))
    sameGroups = alignment.pairs.count
    if let first = differences.first, !first.kind.isOfBeginning {
      reasons = differences.filter(\.kind.isOfBeginning)
    }
  }

  /// The methods of workers that have no counterpart, but whose parent starts others in the other
  /// run: the first of each.
  private static func unmatchedMethods(
    _ alignment: Alignment, _ good: ComparedRun, _ bad: ComparedRun, _ known: [Difference]
  ) -> [Difference] {
    guard !known.contains(where: { $0.kind == .startMethod }) else { return [] }
    func methods(_ singles: [Alignment.Single]) -> [Int: (StartMethod, ProcessRecord)] {
      var result: [Int: (StartMethod, ProcessRecord)] = [:]
      for single in singles {
        guard let parent = single.parent, result[parent] == nil else { continue }
        switch single.group.kind.family {
        case .worker: result[parent] = single.group.kind.method.map { ($0, single.group.first) }
        case .server: result[parent] = (.forkserver, single.group.first)
        default: break
        }
      }
      return result
    }
    let (one, other) = (methods(alignment.good), methods(alignment.bad))
    return one.sorted { $0.key < $1.key }.compactMap { parent, before in
      guard let after = other[parent], after.0 != before.0 else { return nil }
      return PairDepartures.startMethod(
        (before.0, before.1, good.report), (after.0, after.1, bad.report))
    }
  }

  /// Leaves out what another difference says already, and what only follows from one.
  private static func withoutFollowing(_ differences: [Difference]) -> [Difference] {
    let isOfMethod = differences.contains { $0.kind == .startMethod }
    var seen: Set<[String]> = []
    return differences.filter { difference in
      if difference.kind == .helper, isOfMethod { return false }
      // Each child of the same interpreter differs in the same way.
      let key =
        switch difference.kind {
        case .interpreter:
          [difference.kind.rawValue, difference.good?.text ?? "", difference.bad?.text ?? ""]
        case .lostGuard, .importStartsProcess, .startMethod:
          [difference.kind.rawValue, difference.place?.text ?? "", difference.title.text]
        default:
          [
            difference.kind.rawValue, difference.title.text, difference.place?.text ?? "",
            difference.good?.text ?? "", difference.bad?.text ?? "",
          ]
        }
      return seen.insert(key).inserted
    }
  }

  /// By weight. Where nothing in the source or the version says why there is another start method, and
  /// only variables of the environment differ at the beginning, these come first.
  private static func sorted(_ differences: [Difference]) -> [Difference] {
    let beginnings = differences.filter(\.kind.isOfBeginning)
    let isOfEnvironment =
      (1...reasonLimit).contains(beginnings.count)
      && beginnings.allSatisfy { $0.kind == .environment }
      && differences.contains { $0.kind == .startMethod }
      && differences.allSatisfy { $0.kind != .startMethod || !$0.isExplained }
    func weight(_ difference: Difference) -> Int {
      isOfEnvironment && difference.kind == .environment ? -1 : difference.kind.weight
    }
    return differences.enumerated().sorted { one, other in
      let (a, b) = (one.element, other.element)
      return (weight(a), a.rank, one.offset) < (weight(b), b.rank, other.offset)
    }.map(\.element)
  }

  /// More variables than this are those of another machine.
  private static let reasonLimit = 3
}

extension Difference.Kind {
  /// Whether the two runs differ so before anything has happened.
  fileprivate var isOfBeginning: Bool {
    switch self {
    case .interpreter, .command, .environment: true
    default: false
    }
  }
}
