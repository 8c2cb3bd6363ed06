import Analysis
import TestSupport
import Testing
import TraceModel

/// A start by another thread than the one that imports main.
struct OtherThreadTests {
  private let thread = Stacks.read(
    Stacks.start(), [Stacks.frame("/w/service.py", 15, "serve")],
    [Stacks.frame(Stacks.library + "/threading.py", 1012, "run")])
  private let main = Stacks.read(
    [Stacks.frame(Stacks.library + "/threading.py", 1112, "join")],
    [Stacks.frame("/w/service.py", 20, "ask"), Stacks.main(24)], Stacks.boot())

  private func worker() -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    return list
  }

  @Test func `the culprit is main's statement, the call site the thread's`() throws {
    var list = worker()
    list.open(101, Stacks.spawnModule, stack: thread, mainStack: main)
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .reexecCycle && finding.certainty == .proven)
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == 24)
    #expect(finding.callSite?.path == "/w/service.py" && finding.callSite?.line == 15)
    #expect(finding.script?.path == "/w/main.py")
  }

  @Test func `without frames of the user's in the thread, the call site is main's`() throws {
    var list = worker()
    let pool = Stacks.read(
      Stacks.executor, [Stacks.frame(Stacks.library + "/threading.py", 1012, "run")])
    list.open(101, Stacks.spawnModule, stack: pool, mainStack: main)
    let finding = try #require(list.findings.first)
    #expect(finding.callSite?.path == "/w/service.py" && finding.callSite?.line == 20)
  }

  @Test func `a thread that starts a worker after main was imported is no cycle`() {
    var list = worker()
    list.open(101, Stacks.spawnModule, stack: thread, mainStack: Stacks.read(Stacks.target))
    #expect(list.findings.isEmpty)
  }

  @Test func `without main's stack nothing is proven`() {
    for main in [nil, StackReading.unreadable("no offsets")] {
      var list = worker()
      list.open(101, Stacks.spawnModule, stack: thread, mainStack: main)
      #expect(list.findings.isEmpty)
    }
  }
}
