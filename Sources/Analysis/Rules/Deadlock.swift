internal import Multiprocessing
internal import TraceModel

/// ST106 `deadlock`: the deadline has passed, or a signal has asked for the end, and nothing moves:
/// no thread runs, and the tree has hardly used a processor in the half second before.
///
/// The culprit is the innermost module-level statement of the user's code on the stack of the main
/// process's main thread, or its innermost frame of the user's code if no module is there. A
/// deadlock is proven if its waits form a circle, or if every thread of the main process waits for
/// a lock of its own; it is likely if something outside could end the wait (a peer, a person,
/// time).
struct Deadlock: Judge {
  static let changes: Change.Kinds = .surveyed

  mutating func judge(
    _ change: Change, _ event: Event, in run: RunFacts, _ findings: inout Findings
  ) -> [Finding] {
    guard case .surveyEnded(isMoving: false) = event.kind, let survey = run.survey,
      let finding = finding(survey, event, in: run.forest)
    else { return [] }
    _ = findings.add(finding)
    return [finding]
  }

  private func finding(
    _ survey: RunSurvey, _ event: Event, in forest: ProcessForest
  ) -> Finding? {
    guard let main = Self.mainThread(of: survey, in: forest) else { return nil }
    let record = forest[main.process]
    let places = StackPlaces(main.stack, in: forest.directory(of: main.process))
    let circle = Self.circle(from: main.process, survey)
    var processes = circle ?? Self.way(from: main.process, survey)
    if !processes.contains(main.process) { processes.insert(main.process, at: 0) }
    let isLocked = survey.threads.filter { $0.process == main.process }.allSatisfy(\.waitsForLock)
    return Finding(
      .deadlock, circle != nil || isLocked ? .proven : .likely,
      .deadlock(
        main: main, program: record.script?.path ?? record.executable, circle: circle ?? []),
      at: event, in: forest, shownBy: processes, .blocked, script: record.script,
      culprit: places.culprit, callSite: places.callSite, python: record.python,
      stack: places.frames, nativeStack: main.nativeStack, identity: .frames(places.users))
  }

  // MARK: Waits

  /// The thread that the run's result depends on: the main thread of the first live Python process.
  private static func mainThread(
    of survey: RunSurvey, in forest: ProcessForest
  ) -> SurveyedThread? {
    let candidates = survey.threads.filter(\.isMain)
    return candidates.first { forest[$0.process].role == .main && !$0.frames.isEmpty }
      ?? candidates.first { !$0.frames.isEmpty } ?? candidates.first
  }

  /// The processes that a process waits for, its main thread's waits first.
  private static func edges(of process: Int, _ survey: RunSurvey) -> [Int] {
    survey.threads.filter { $0.process == process }.flatMap(\.waitsFor)
  }

  /// The shortest circle of waits that can be reached from a process, in the order of the waits.
  private static func circle(from start: Int, _ survey: RunSurvey) -> [Int]? {
    let reachable = way(from: start, survey, isWhole: true)
    var best: [Int]?
    for process in reachable {
      // Breadth first: the first way back is the shortest.
      var ways: [[Int]] = [[process]]
      var seen: Set<Int> = []
      search: while !ways.isEmpty {
        var next: [[Int]] = []
        for way in ways {
          for other in edges(of: way[way.count - 1], survey) {
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
  private static func way(from start: Int, _ survey: RunSurvey, isWhole: Bool = false) -> [Int] {
    var way = [start]
    var index = 0
    while index < way.count {
      let others = edges(of: way[index], survey).filter { !way.contains($0) }
      way += isWhole ? others : Array(others.prefix(1))
      index += 1
    }
    return way
  }
}

extension SurveyedThread {
  /// Whether the thread waits for a lock of its own process, however long.
  fileprivate var waitsForLock: Bool {
    guard let wait, !wait.isTimed, !wait.objects.isEmpty else { return false }
    return wait.objects.allSatisfy { $0.kind == .lock }
  }
}
