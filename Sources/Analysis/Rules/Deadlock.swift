internal import Multiprocessing
internal import TraceModel

/// ST106 `deadlock`: a survey finds that the main process waits for itself: a circle of waits, or a
/// wait for a process or thread that is gone. Nothing that could end the wait may go on.
///
/// The culprit is the innermost module-level statement of the user's code on the stack of the main
/// process's main thread, or its innermost frame of the user's code if no module is there. A
/// deadlock is proven if no thread may go on that has anything to do with the waits; it is likely
/// if stacks had to show that such a thread ends none of them.
///
/// The survey of a first Ctrl-C counts once the program has ended of it.
struct Deadlock: Judge {
  static let changes: Change.Kinds = [.surveyed, .ended]

  /// What the survey of a first Ctrl-C has found.
  private var pending: Finding?

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    switch event.kind {
    case .surveyBegan: pending = nil
    case .surveyEnded(isMoving: false):
      guard let survey = run.survey, let finding = finding(survey, event, in: run.forest) else {
        return []
      }
      guard survey.cause != .interrupt else {
        pending = finding
        return []
      }
      _ = findings.add(finding)
      return [finding]
    case .exited where change.process == 1 && run.survey?.cause == .interrupt:
      guard let finding = pending.take() else { return [] }
      _ = findings.add(finding)
      return [finding]
    default: break
    }
    return []
  }

  private func finding(
    _ survey: RunSurvey, _ event: Event, in forest: ProcessForest
  ) -> Finding? {
    guard let (main, graph, certainty) = Self.stuck(survey, in: forest) else { return nil }
    let record = forest[main.process]
    let places = StackPlaces(main.stack, in: forest.directory(of: main.process))
    let waits = Waits(survey.threads.filter(graph.isStuck))
    let circle = waits.circle(from: main.process)
    var processes = circle ?? waits.way(from: main.process)
    if !processes.contains(main.process) { processes.insert(main.process, at: 0) }
    return Finding(
      .deadlock, certainty,
      .deadlock(
        main: main, program: record.script?.path ?? record.executable, circle: circle ?? []),
      at: event, in: forest, shownBy: processes, .blocked, script: record.script,
      culprit: places.culprit, callSite: places.callSite, python: record.python,
      stack: places.frames, nativeStack: main.nativeStack, identity: .frames(places.users))
  }

  /// The thread that the run's result depends on, if it waits for ever; or else the main thread of
  /// the first Python process in which all threads do.
  private static func stuck(
    _ survey: RunSurvey, in forest: ProcessForest
  ) -> (SurveyedThread, WaitGraph, Certainty)? {
    guard let main = mainThread(of: survey, in: forest) else { return nil }
    let strict = WaitGraph(survey, in: forest, trusting: .none)
    if strict.isStuck(main) { return (main, strict, .proven) }
    let byStacks = WaitGraph(survey, in: forest, trusting: .stacks)
    if byStacks.isStuck(main) { return (main, byStacks, .likely) }
    let other = survey.threads.first {
      $0.isMain && !$0.frames.isEmpty && strict.isStuck(process: $0.process)
        && ![.resourceTracker, .forkserver].contains(forest[$0.process].role)
    }
    return other.map { ($0, strict, .proven) }
  }

  /// The thread that the run's result depends on: the main thread of the first live Python process.
  private static func mainThread(
    of survey: RunSurvey, in forest: ProcessForest
  ) -> SurveyedThread? {
    let candidates = survey.threads.filter(\.isMain)
    return candidates.first { forest[$0.process].role == .main && !$0.frames.isEmpty }
      ?? candidates.first { !$0.frames.isEmpty } ?? candidates.first
  }
}

/// Which process waits for which.
private struct Waits {
  private let threads: [SurveyedThread]

  init(_ threads: [SurveyedThread]) {
    self.threads = threads
  }

  /// The processes that a process waits for, its main thread's waits first.
  private func edges(of process: Int) -> [Int] {
    threads.filter { $0.process == process }.flatMap(\.waitsFor)
  }

  /// The shortest circle of waits that can be reached from a process, in the order of the waits.
  func circle(from start: Int) -> [Int]? {
    let reachable = way(from: start, isWhole: true)
    var best: [Int]?
    for process in reachable {
      // Breadth first: the first way back is the shortest.
      var ways: [[Int]] = [[process]]
      var seen: Set<Int> = []
      search: while !ways.isEmpty {
        var next: [[Int]] = []
        for way in ways {
          for other in edges(of: way[way.count - 1]) {
            if other == process {
              if best.map({ way.count < $0.count }) ?? true { best = way }
              break search
            }
            if seen.insert(other).inserted { next.append(way + [other]) }
          }
        }
        ways = next
      }
      // A circle through the main process explains the most.
      if process == start, best != nil { break }
    }
    return best
  }

  /// The processes that are waited for from `start` on: the first of each process, or all.
  func way(from start: Int, isWhole: Bool = false) -> [Int] {
    var way = [start]
    var index = 0
    while index < way.count {
      let others = edges(of: way[index]).filter { !way.contains($0) }
      way += isWhole ? others : Array(others.prefix(1))
      index += 1
    }
    return way
  }
}
