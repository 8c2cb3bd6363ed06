package import TraceModel

/// ST106 `deadlock`: the deadline has passed, or somebody has asked for the end, and nothing moves: no
/// thread runs, and the tree has hardly used a processor in the half second before.
///
/// The culprit is the innermost module-level statement of the user's code on the stack of the main
/// process's main thread, or its innermost frame of the user's code where no module is. Proven is a
/// deadlock whose waits lead round in a circle, or in which every thread of the main process waits for
/// a lock of its own; where somebody outside could end the wait (a peer, a person, time), it is likely.
package struct Deadlock: Sendable {
  package private(set) var findings: [Finding] = []
  package private(set) var survey: RunSurvey?

  /// Judges one event, of which the forest knows already.
  package mutating func observe(_ event: Event, in forest: ProcessForest) -> Finding? {
    switch event.kind {
    case .surveyBegan(let cause):
      survey = RunSurvey(cause: cause, time: event.time)
    case .surveyed(let activity):
      if let id = forest.id(of: event.process) { add(activity, event, id, in: forest) }
    case .surveyEnded(let isMoving):
      survey?.isMoving = isMoving
      survey?.threads.sort {
        ($0.process, $0.isMain ? 0 : $0.thread.rawValue)
          < ($1.process, $1.isMain ? 0 : $1.thread.rawValue)
      }
      if !isMoving { return conclude(event, in: forest) }
    default: break
    }
    return nil
  }

  private mutating func add(
    _ activity: ThreadActivity, _ event: Event, _ id: Int, in forest: ProcessForest
  ) {
    var thread = SurveyedThread(
      process: id, thread: event.thread, isMain: event.thread.rawValue == event.process.rawValue,
      activity: activity, stack: event.stack, nativeStack: event.nativeStack)
    if case .waiting(let wait) = activity.state {
      for object in wait.objects {
        var others = object.processes.compactMap { forest.id(of: $0) }
        if object.kind == .child, object.processes.isEmpty {
          others = forest.liveChildren(of: id)
        }
        for other in others where !thread.waitsFor.contains(other) {
          thread.waitsFor.append(other)
        }
      }
    }
    survey?.threads.append(thread)
  }

  private mutating func conclude(_ event: Event, in forest: ProcessForest) -> Finding? {
    guard let survey, let main = Self.mainThread(of: survey, in: forest) else { return nil }
    let record = forest.record(main.process)
    let directory = record.workingDirectory ?? "/"
    let frames = main.frames.absolute(in: directory)
    let users = frames.filter { CodeOrigin(path: $0.path) == .user }
    let circle = Self.circle(from: main.process, survey)
    var processes = circle ?? Self.way(from: main.process, survey)
    if !processes.contains(main.process) { processes.insert(main.process, at: 0) }
    let isLocked = survey.threads.filter { $0.process == main.process }.allSatisfy(\.waitsForLock)
    var finding = Finding(
      rule: .deadlock, detail: .deadlock(
        main: main, program: record.script?.path ?? record.executable, circle: circle ?? []),
      certainty: circle != nil || isLocked ? .proven : .likely, stack: frames, processes: processes,
      provenAt: event.time, provenByEvent: event.sequence,
      fingerprint: Fingerprint(
        rule: .deadlock, startMethod: nil, frames: users,
        directory: forest.root?.workingDirectory ?? directory
      ).description)
    finding.consequence = .blocked
    finding.script = record.script
    finding.culprit = (users.first(where: \.isModule) ?? users.first).map(SourceLocation.init)
    finding.callSite = users.first.map(SourceLocation.init)
    finding.python = record.python
    finding.nativeStack = main.nativeStack
    findings.append(finding)
    return finding
  }

  // MARK: Who waits for whom

  /// The thread that the run's result depends on: the main one of the first Python that lives.
  private static func mainThread(
    of survey: RunSurvey, in forest: ProcessForest
  ) -> SurveyedThread? {
    let candidates = survey.threads.filter(\.isMain)
    return candidates.first { forest.record($0.process).role == .main && !$0.frames.isEmpty }
      ?? candidates.first { !$0.frames.isEmpty } ?? candidates.first
  }

  /// For whom a process waits, its main thread's waits first.
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
      // One that goes through the main process says the most.
      if process == start, best != nil { break }
    }
    return best
  }

  /// The processes that are waited for from `start` on: each one's first, or all of them.
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
  /// Whether it waits for a lock of its own process, however long.
  fileprivate var waitsForLock: Bool {
    guard let wait, !wait.isTimed, !wait.objects.isEmpty else { return false }
    return wait.objects.allSatisfy { $0.kind == .lock }
  }
}
