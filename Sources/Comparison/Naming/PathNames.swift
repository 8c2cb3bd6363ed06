internal import Analysis
internal import Multiprocessing
internal import TraceModel

/// Names files so that they are the same in two checkouts, on two machines and with two Pythons.
struct PathNames {
  /// The folders that are left out in front, the longest first, and what stands for each.
  let roots: [(folder: String, name: String)]

  init(_ run: ComparedRun, scriptRoot: String?) {
    let values = run.environment?.values ?? [:]
    roots = ChangingText.roots(
      [run.report.workingDirectory, run.report.checkout, scriptRoot].compactMap(\.self),
      temporaryFolders: RunEnvironment.temporaryFolders.compactMap { values[$0] })
  }

  /// The name of a file: relative to the checkout if it is inside, or to its library.
  func name(_ path: String) -> String {
    for (folder, name) in roots {
      if path == folder { return name.isEmpty ? "." : name }
      guard let rest = Self.inside(path, folder) else { continue }
      return name.isEmpty ? String(rest) : name + "/" + rest
    }
    return path.inItsLibrary
  }

  /// The text of an argument with the names of the folders that are in it.
  func named(_ text: String) -> String { ChangingText.named(text, roots) }

  private static func inside(_ path: String, _ folder: String) -> Substring? {
    path.hasPrefix(folder + "/") ? path.dropFirst(folder.count + 1) : nil
  }
}

extension PathNames {
  /// The names for two runs. Where the main script lies outside of the folder in which the run
  /// began, what both scripts have in common at their ends is the same place in two checkouts.
  static func pair(_ good: ComparedRun, _ bad: ComparedRun) -> (good: PathNames, bad: PathNames) {
    let roots = commonTail(good.mainScript, bad.mainScript)
    return (
      PathNames(good, scriptRoot: roots?.good), PathNames(bad, scriptRoot: roots?.bad)
    )
  }

  /// The two folders in which two paths are the same, if there is any such end.
  private static func commonTail(
    _ one: String?, _ other: String?
  ) -> (good: String, bad: String)? {
    guard let one, let other, one != other else { return nil }
    let (a, b) = (one.split(separator: "/"), other.split(separator: "/"))
    let same = zip(a.reversed(), b.reversed()).prefix { $0 == $1 }.count
    guard same > 0, same < a.count, same < b.count else { return nil }
    func folder(_ parts: [Substring]) -> String {
      "/" + parts.dropLast(same).joined(separator: "/")
    }
    return (folder(a), folder(b))
  }
}

extension ComparedRun {
  /// The first script that its first Python runs as main.
  fileprivate var mainScript: String? {
    report.processes.first { $0.script?.runsAs == MainModule.name }?.script?.path
  }
}
