import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// ST201: work that is done again in workers.
struct SideEffectTests {
  /// A worker that starts processes while it imports the main script.
  private func worker(_ starts: [StackReading], isReady: Bool = true) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
    list.open(101, "/w/main.py", times: 3)
    for (index, stack) in starts.enumerated() {
      list.fork(101, 200 + Int32(index), stack: stack)
    }
    if isReady { list.open(101, "/dev/null") }
    return list
  }

  private static let forkedPool = Stacks.read(Stacks.forking, [Stacks.main(8)], Stacks.boot())
  private static let program = Stacks.read(
    [Stacks.frame(Stacks.library + "/subprocess.py", 1955, "_execute_child")], [Stacks.main(5)],
    Stacks.boot())

  @Test func `another thread may fork while the first one imports main`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    let thread = Stacks.read(Stacks.forking, [Stacks.frame("/w/service.py", 5, "serve")])
    let main = Stacks.read([Stacks.main(8)], Stacks.boot())
    list.fork(101, 200, stack: thread, creator: 150, mainStack: main)
    list.open(101, "/dev/null")
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .reexecSideEffect && finding.culprit?.line == 8)
    #expect(finding.callSite?.path == "/w/service.py")
  }

  @Test func `a fork pool that each worker makes again is reported when the worker is ready`()
    throws
  {
    #expect(worker([Self.forkedPool, Self.forkedPool], isReady: false).findings.isEmpty)
    let (report, announced) = worker([Self.forkedPool, Self.forkedPool]).run()
    #expect(announced.map(\.rule) == [.reexecSideEffect])
    let finding = try #require(report.findings.first)
    #expect(finding.culprit?.line == 8)
    #expect(finding.title == "main.py forks 2 processes again in each worker that imports it")
    #expect(finding.rule.severity == .note)
    #expect(report.verdict == "reexec-side-effect")
  }

  @Test func `one or two programs are usual at a module's import; three are work`() {
    #expect(worker([Self.program]).findings.isEmpty)
    #expect(worker([Self.program, Self.program]).findings.isEmpty)
    #expect(
      worker([Self.program, Self.program, Self.program]).findings.first?.title
        == "main.py runs 3 programs again in each worker that imports it")
  }

  @Test func `a start after the boot window, or outside of the import, doesn't count`() {
    let later = Stacks.read(Stacks.forking, [Stacks.frame("/w/main.py", 9, "work")], Stacks.target)
    #expect(worker([later, later, later]).findings.isEmpty)
    var list = worker([])
    for child in Int32(200)...205 { list.fork(101, child, stack: Self.forkedPool) }
    #expect(list.findings.isEmpty)
  }

  @Test func `a lock's tracker is multiprocessing's own`() {
    let tracker = Stacks.read(
      [
        Stacks.frame(Stacks.library + "/multiprocessing/util.py", 456, "spawnv_passfds"),
        Stacks.frame(
          Stacks.library + "/multiprocessing/resource_tracker.py", 145, "ensure_running"),
      ], [Stacks.main(3)], Stacks.boot())
    #expect(worker([tracker, tracker, tracker]).findings.isEmpty)
  }

  @Test func `a part of a cycle is reported with it`() {
    var list = worker([Self.forkedPool], isReady: false)
    list.open(
      101, Stacks.spawnModule, stack: Stacks.read(Stacks.start(), [Stacks.main(9)], Stacks.boot()))
    list.open(101, "/dev/null")
    #expect(list.findings.map(\.rule) == [.reexecCycle])
  }

  @Test func `each worker that does it is counted`() {
    var list = EventList()
    list.main(100, "main.py")
    for worker in Int32(101)...104 {
      list.spawnWorker(100, worker, stack: Stacks.starting(line: 12))
      list.open(worker, "/w/main.py", times: 3)
      list.fork(worker, worker + 100, stack: Self.forkedPool)
      list.open(worker, "/dev/null")
    }
    let (report, announced) = list.run()
    #expect(announced.count == 1)
    #expect(report.findings.first?.occurrences == 4)
  }
}
