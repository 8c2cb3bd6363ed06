internal import Diagnostics

/// Puts differences in the order of their weights, without those that others say.
enum Weighing {
  static func weighed(_ differences: [Difference]) -> [Difference] {
    sorted(withoutFollowing(differences))
  }

  /// Leaves out what another difference says already, and what only follows from one.
  private static func withoutFollowing(_ differences: [Difference]) -> [Difference] {
    let isOfMethod = differences.contains { $0.kind == .startMethod }
    var seen: Set<[String]> = []
    return differences.filter { difference in
      if isOfMethod, difference.kind == .helper || difference.isOfWorkers { return false }
      // Each child of the same interpreter differs in the same way.
      var key = [difference.kind.rawValue, difference.good?.text ?? "", difference.bad?.text ?? ""]
      switch difference.kind {
      case .interpreter: break
      case .lostGuard, .importStartsProcess, .startMethod:
        key = [difference.kind.rawValue, difference.place?.text ?? "", difference.title.text]
      default: key += [difference.title.text, difference.place?.text ?? ""]
      }
      return seen.insert(key).inserted
    }
  }

  private static func sorted(_ differences: [Difference]) -> [Difference] {
    let variables = variableWeight(differences)
    func weight(_ difference: Difference) -> Int {
      if difference.isSlight { return Difference.Kind.helper.weight }
      return difference.kind == .environment && difference.rank > 0
        ? variables : difference.kind.weight
    }
    return differences.enumerated().sorted { one, other in
      let (a, b) = (one.element, other.element)
      return (weight(a), a.rank, one.offset) < (weight(b), b.rank, other.offset)
    }.map(\.element)
  }

  /// The weight of variables of the environment: a few may decide a run, many are those of another
  /// machine. They come first where nothing in the source or the version says why there is another
  /// start method, and nothing else differs at the beginning.
  private static func variableWeight(_ differences: [Difference]) -> Int {
    let beginnings = differences.filter(\.kind.isOfBeginning)
    guard beginnings.count(where: { $0.kind == .environment }) <= fewVariables else {
      return Difference.Kind.helper.weight
    }
    let methods = differences.filter { $0.kind == .startMethod }
    let isUnexplained =
      !methods.isEmpty && methods.allSatisfy { !$0.isExplained }
      && beginnings.allSatisfy { $0.kind == .environment }
    return isUnexplained ? -1 : Difference.Kind.environment.weight
  }

  private static let fewVariables = 3
}
