internal import Analysis
internal import Diagnostics
internal import Multiprocessing
internal import TraceModel

/// Processes that one run has and the other hasn't.
struct ProcessDepartures {
  let good: ComparedRun
  let bad: ComparedRun
  let paths: (good: PathNames, bad: PathNames)
  let goodMain: GoodMain

  /// A process that the bad run has alone.
  func added(_ group: ProcessGroup) -> Difference {
    var difference: Difference
    let parent = group.first.logicalParent.flatMap { bad.report[process: $0] }
    if let culprit = group.first.site?.culprit, culprit.function == "<module>",
      let script = parent?.script
    {
      let isOfScript = culprit.path == script.path
      if isOfScript, script.runsAs == MainModule.nameInWorker, goodMain.hasStarted(group.kind) {
        difference = Self.lostGuard(culprit)
      } else if !isOfScript {
        difference = Self.startAtImport(culprit)
      } else {
        difference = plain(group)
      }
    } else {
      difference = plain(group)
    }
    difference.bad = Self.description(group)
    difference.badProcesses = group.ids
    difference.isOfWorkers = group.kind.family == .worker && difference.kind == .addedProcess
    return difference
  }

  private func plain(_ group: ProcessGroup) -> Difference {
    var difference = Difference(
      Self.kind(group, .addedProcess), "the bad run alone starts " + group.object(nil))
    difference.show(group.first.site?.callSite)
    return difference
  }

  /// A process that the good run has alone.
  func missing(_ group: ProcessGroup) -> Difference {
    var difference = Difference(
      Self.kind(group, .missingProcess), "the bad run does not start " + group.object(paths.good),
      good: Self.description(group))
    difference.goodProcesses = group.ids
    difference.isOfWorkers = group.kind.family == .worker
    difference.show(group.first.site?.callSite)
    return difference
  }

  /// - Parameter culprit: The statement of the main script that workers execute, too.
  static func lostGuard(_ culprit: SourceLocation) -> Difference {
    var difference = Difference(
      .lostGuard,
      "workers execute \(place: culprit.place) when they import the script; in the good run they "
        + "don't")
    difference.show(culprit)
    difference.help =
      "put it, and the lines below that need it, under \(code: "if __name__ == \"__main__\":")"
    return difference
  }

  static func startAtImport(_ culprit: SourceLocation) -> Difference {
    var difference = Difference(
      .importStartsProcess, "\(place: culprit.place) starts a process when the module is imported")
    difference.show(culprit)
    difference.help =
      "move it into a function, and call that where the main script is guarded by "
      + "\(code: "if __name__ == \"__main__\":")"
    return difference
  }

  private static func kind(_ group: ProcessGroup, _ kind: Difference.Kind) -> Difference.Kind {
    group.kind.family == .server || group.kind.family == .tracker ? .helper : kind
  }

  private static func description(_ group: ProcessGroup) -> Sentence {
    let count = group.members.count
    let process: Sentence =
      switch group.kind.family {
      case .python, .shell, .other: group.commandLine
      default: "\(group.first.role.rawValue)"
      }
    return count == 1 ? process : "\(count) times " + process
  }
}

extension ProcessGroup {
  /// The processes as a sentence's object.
  ///
  /// - Parameter names: The names of files, if the sentence is about the other run.
  fileprivate func object(_ names: PathNames?) -> Sentence {
    switch kind.family {
    case .worker: "workers (\(kind.method?.rawValue ?? "fork"))"
    case .fork: "a fork of itself"
    case .server: "a forkserver"
    case .tracker: "a resource tracker"
    case .python, .shell, .other: names.map { program($0) } ?? program
    }
  }
}
