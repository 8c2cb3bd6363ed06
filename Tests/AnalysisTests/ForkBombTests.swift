import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

struct ForkBombTests {
  /// A root with so many children, all of them alive.
  private func alive(_ children: Int32) -> EventList {
    var list = EventList()
    list.launch(100)
    for child in 1...children { list.fork(100, 100 + child) }
    return list
  }

  @Test func `as many as the limit are allowed, one more is not`() throws {
    #expect(alive(9).run(processLimit: 10).announced.isEmpty)
    let list = alive(10)
    let (report, announced) = list.run(processLimit: 10)
    #expect(announced.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.rule == .forkBomb)
    #expect(finding.certainty == .proven)
    #expect(finding.title == "11 processes live at once, and 10 are allowed")
    #expect(finding.processes == [1])
    #expect(finding.provenByEvent == list.events.last?.sequence)
    #expect(report.verdict == "fork-bomb")
  }

  @Test func `it is reported once`() {
    #expect(alive(50).run(processLimit: 10).announced.count == 1)
  }

  @Test func `processes that ended do not count, however many there were`() {
    var list = EventList()
    list.launch(100)
    for round in Int32(0)..<300 {
      list.fork(100, 101 + round % 3)
      list.exit(101 + round % 3)
    }
    #expect(list.run(processLimit: 2).announced.isEmpty)
    #expect(list.records.count == 301)
  }

  @Test func `programs that a process executes aren't further processes`() {
    var list = alive(1)
    for _ in 0..<10 { list.execute(101, "/bin/true", ["true"]) }
    #expect(list.run(processLimit: 2).announced.isEmpty)
  }

  @Test func `the process that passes the limit is named by its client, not by the server`() throws
  {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.forkserver(100, 102, at: "/tmp/s")
    list.connect(101, "/tmp/s")
    list.fork(102, 103)
    let finding = try #require(list.run(processLimit: 3).report.findings.first)
    #expect(finding.processes == [2])
  }

  @Test func `a process without a known parent is named itself`() throws {
    var list = alive(1)
    list.add(.started(Start(call: .unseen, parent: nil)), by: 300)
    let finding = try #require(list.run(processLimit: 2).report.findings.first)
    #expect(finding.processes == [3])
  }

  @Test func `a cycle and a bomb of one run are both reported`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(
      101, Stacks.spawnModule, stack: Stacks.read(Stacks.pool, [Stacks.main(6)], Stacks.boot()))
    list.spawnWorker(100, 102)
    #expect(list.run(processLimit: 2).report.findings.map(\.rule) == [.reexecCycle, .forkBomb])
  }
}
