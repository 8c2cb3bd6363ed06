internal import Analysis
internal import Diagnostics
internal import TraceModel

/// Start methods of workers that have no counterpart in the other run.
struct UnmatchedMethods {
  private let alignment: Alignment
  private let good: ComparedRun
  private let bad: ComparedRun
  private let paths: (good: PathNames, bad: PathNames)

  init(
    _ alignment: Alignment, good: ComparedRun, bad: ComparedRun,
    paths: (good: PathNames, bad: PathNames)
  ) {
    self.alignment = alignment
    self.good = good
    self.bad = bad
    self.paths = paths
  }

  var differences: [Difference] {
    let ofParents = self.ofParents
    if !ofParents.isEmpty { return ofParents }
    return [ofSomeWorkers ?? ofFinding].compactMap(\.self)
  }

  /// Workers, or a server of them, below the same parent: the first of each run.
  private var ofParents: [Difference] {
    let before = Self.methods(alignment.good, good.report)
    let after = Self.methods(alignment.bad, bad.report)
    return before.sorted { $0.key < $1.key }.compactMap { parent, one in
      guard let other = after[parent], other.method != one.method else { return nil }
      return MethodDeparture.difference(one, other)
    }
  }

  private static func methods(
    _ singles: [Alignment.Single], _ report: RunReport
  ) -> [Int: MethodDeparture.Side] {
    var result: [Int: MethodDeparture.Side] = [:]
    for single in singles {
      guard let parent = single.parent, result[parent] == nil else { continue }
      let worker = single.group.first
      switch single.group.kind.family {
      case .worker:
        result[parent] = single.group.kind.method.map { .init($0, of: worker, in: report) }
      case .server: result[parent] = .init(.forkserver, of: worker, in: report)
      default: break
      }
    }
    return result
  }

  /// Workers of the bad run beside others of the same place, which are started as before.
  private var ofSomeWorkers: Difference? {
    for single in alignment.bad {
      let kind = single.group.kind
      guard kind.family == .worker, let site = kind.site, let method = kind.method,
        let pair = alignment.pairs.first(where: {
          $0.parent == single.parent && $0.bad.kind.site == site && $0.good.kind.family == .worker
            && $0.good.kind.method != method
        }), let before = pair.good.kind.method
      else { continue }
      return MethodDeparture.difference(
        .init(before, of: pair.good.first, in: good.report),
        .init(method, of: single.group.first, in: bad.report), isOfSome: true)
    }
    return nil
  }

  /// Workers of the good run that the bad one could not even start.
  private var ofFinding: Difference? {
    for finding in bad.report.findings where finding.rule == .unpicklableTarget {
      guard let after = MethodDeparture.Side(finding, in: bad.report) else { continue }
      let workers = alignment.good.first { single in
        guard single.group.kind.family == .worker, let method = single.group.kind.method else {
          return false
        }
        let site = single.group.kind.site
        let isSamePlace =
          site == nil || after.callSite == nil
          || site?.path == after.callSite.map { paths.bad.name($0.path) }
        return method != after.method && isSamePlace
      }
      guard let group = workers?.group, let method = group.kind.method else { continue }
      return MethodDeparture.difference(.init(method, of: group.first, in: good.report), after)
    }
    return nil
  }
}
