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

  /// Whether arguments, and values of variables that the recordings don't have, could be compared.
  package private(set) var comparesHidden = true

  package init(good: ComparedRun, bad: ComparedRun) {
    var (good, bad) = (good, bad)
    if !ComparedRun.areArgumentsComparable(good, bad) {
      (good, bad) = (good.withoutArguments, bad.withoutArguments)
      comparesHidden = false
    }
    let paths = PathNames.pair(good, bad)
    let alignment = Alignment(
      ProcessTree(good, ProcessKinds(good, paths.good)),
      ProcessTree(bad, ProcessKinds(bad, paths.bad)))

    let pairs = PairDepartures(good: good, bad: bad, paths: paths)
    // The first pair is that of the commands.
    differences = alignment.pairs.enumerated().flatMap { index, pair in
      pairs.differences(pair, isCommand: index == 0)
    }
    if let wrapper = alignment.wrapper { differences.append(wrapper) }
    if !differences.contains(where: { $0.kind == .startMethod }) {
      differences += UnmatchedMethods(alignment, good: good, bad: bad, paths: paths).differences
    }
    let goodMain = GoodMain(good, paths.good)
    differences +=
      FindingDepartures(good: good, bad: bad, paths: paths, goodMain: goodMain).differences
    if let one = good.environment, let other = bad.environment {
      let departures = EnvironmentDepartures(good: one, bad: other, paths: paths)
      differences += departures.differences
      sessionVariables = departures.ofSession
      if !departures.comparesValues { comparesHidden = false }
    }
    let processes = ProcessDepartures(good: good, bad: bad, paths: paths, goodMain: goodMain)
    var single: [Difference] = []
    // Whatever a run that was ended did not reach isn't missing in it.
    if good.isWhole || differences.isEmpty {
      single += alignment.bad.map { processes.added($0.group) }
    } else {
      single += alignment.bad.map { processes.added($0.group) }.filter { $0.kind.isOfImport }
    }
    if bad.isWhole || differences.isEmpty {
      single += alignment.good.map { processes.missing($0.group) }
    }
    differences += single
    differences = Weighing.weighed(differences)
    sameGroups = alignment.pairs.count
    if let first = differences.first, !first.kind.isOfBeginning {
      reasons = differences.filter(\.kind.isOfBeginning)
    }
  }
}

extension Difference.Kind {
  /// Whether the two runs differ so before anything has happened.
  var isOfBeginning: Bool {
    switch self {
    case .interpreter, .command, .environment: true
    default: false
    }
  }

  /// Whether it shows a statement that an import executes.
  fileprivate var isOfImport: Bool { self == .lostGuard || self == .importStartsProcess }
}
