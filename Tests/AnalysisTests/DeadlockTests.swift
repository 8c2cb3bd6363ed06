import Diagnostics
import TestSupport
import Testing
import TraceModel

@testable import Analysis

/// Nothing moves: which processes wait for each other, and where.
struct DeadlockTests {
  private static let join = [
    Stacks.frame(Stacks.library + "/multiprocessing/popen_fork.py", 27, "poll"),
    Stacks.frame(Stacks.library + "/multiprocessing/process.py", 149, "join"),
    Stacks.frame("/w/lib.py", 4, "finish"), Stacks.frame("/w/main.py", 15, "<module>"),
  ]

  private static func waiting(
    _ kind: WaitObject.Kind, for processes: Int32..., call: String = "read", isTimed: Bool = false
  ) -> ThreadActivity {
    ThreadActivity(
      name: "python",
      state: .waiting(
        Wait(
          call: call,
          objects: [
            WaitObject(kind: kind, processes: processes.map(ProcessID.init(rawValue:)))
          ], isTimed: isTimed)))
  }

  /// A script, 100, with two workers, 101 and 102; the first worker is surveyed.
  private func list(
    main: ThreadActivity, worker: ThreadActivity, isMoving: Bool = false,
    others: (inout EventList) -> Void = { _ in }
  ) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.spawnWorker(100, 102)
    list.add(.surveyBegan(.deadline(3_000_000_000)), by: 100)
    list.add(.surveyed(worker), by: 101, stack: Stacks.read(Stacks.target))
    others(&list)
    list.add(.surveyed(main), by: 100, stack: Stacks.read(Self.join))
    list.add(.surveyEnded(isMoving: isMoving), by: 100)
    return list
  }

  @Test func `a circle of waits is proven, with the main script's statement and the call site`()
    throws
  {
    let list = list(
      main: Self.waiting(.child, for: 101, call: "wait4"),
      worker: Self.waiting(.pipeToWrite, for: 100, call: "write"))
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .deadlock && finding.certainty == .proven)
    #expect(finding.consequence == .blocked && finding.processes == [1, 2])
    #expect(finding.title == "nothing moves: main.py waits for a process that waits for it")
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == 15)
    #expect(finding.callSite?.path == "/w/lib.py" && finding.callSite?.line == 4)
    #expect(finding.script?.path == "/w/main.py")
    #expect(finding.stack == Self.join)
  }

  @Test func `a wait for something outside is a likely deadlock; a name says for what`() throws {
    let list = list(
      main: Self.waiting(.socket), worker: Self.waiting(.pipeToRead, for: 100))
    let finding = try #require(list.findings.first)
    #expect(finding.certainty == .likely && finding.processes == [1])
    #expect(finding.title == "nothing moves: main.py waits for a socket")
  }

  @Test func `a chain of waits without a circle names every process on it`() throws {
    let list = list(
      main: Self.waiting(.child, call: "wait4"), worker: Self.waiting(.socket)
    ) { $0.exit(102) }
    let finding = try #require(list.findings.first)
    #expect(finding.processes == [1, 2], "any child is every child that lives")
    #expect(finding.certainty == .likely)
  }

  @Test func `all threads at locks of their own process is proven; with a time it isn't`() {
    for isTimed in [false, true] {
      let lock = Self.waiting(.lock, call: "futex", isTimed: isTimed)
      let list = list(main: lock, worker: Self.waiting(.socket))
      #expect(list.findings.map(\.certainty) == [isTimed ? .likely : .proven])
    }
  }

  @Test func `a circle that the main process only waits for is reported, too`() throws {
    let list = list(
      main: Self.waiting(.child, for: 101), worker: Self.waiting(.semaphore, for: 102)
    ) { list in
      list.add(.surveyed(Self.waiting(.semaphore, for: 101)), by: 102)
    }
    let finding = try #require(list.findings.first)
    #expect(finding.certainty == .proven && finding.processes == [1, 2, 3])
    #expect(finding.title == "nothing moves: 2 processes wait for each other")
  }

  @Test func `if something moves, there is no finding, and the survey is kept`() throws {
    let list = list(
      main: Self.waiting(.child, for: 101),
      worker: ThreadActivity(name: "python", state: .running), isMoving: true)
    let report = list.run().report
    #expect(report.findings.isEmpty && report.verdict == "healthy")
    let survey = try #require(report.survey)
    #expect(survey.isMoving == true && survey.cause == .deadline(3_000_000_000))
    // Main threads first, processes in the order of the report.
    #expect(survey.threads.map(\.process) == [1, 2])
    #expect(survey.threads[0].waitsFor == [2])
  }

  @Test func `a survey of no thread proves nothing`() {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.surveyBegan(.signal(15)), by: 100)
    list.add(.surveyEnded(isMoving: false), by: 100)
    #expect(list.findings.isEmpty)
  }
}
