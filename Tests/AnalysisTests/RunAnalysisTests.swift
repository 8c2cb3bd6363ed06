import Analysis
import TestSupport
import Testing
import TraceModel

/// The sum of a run's events: occurrences, consequences, ends.
struct RunAnalysisTests {
  private let cycle = Stacks.read(Stacks.pool, [Stacks.main(6)], Stacks.boot())

  private func workers(_ pids: ClosedRange<Int32>) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    for pid in pids {
      list.spawnWorker(100, pid)
      list.open(pid, Stacks.spawnModule, stack: cycle)
    }
    return list
  }

  @Test func `one finding for all workers that show it, announced once`() throws {
    let (report, announced) = workers(101...104).run()
    #expect(announced.count == 1)
    #expect(announced.first?.processes == [2])
    #expect(report.findings.count == 1)
    #expect(report.findings.first?.processes == [2, 3, 4, 5])
    #expect(report.findings.first?.provenByEvent == announced.first?.provenByEvent)
  }

  @Test func `a worker that shows it again, by its other file, is the same occurrence`() {
    var list = workers(101...102)
    list.open(101, Stacks.spawnModule + "c", stack: cycle)
    list.open(102, Stacks.forkserverModule, stack: cycle)
    #expect(list.findings.map(\.processes) == [[2, 3]])
  }

  @Test func `two culprits are two findings; so are two start methods of one`() {
    var list = workers(101...101)
    list.spawnWorker(100, 102)
    list.open(
      102, Stacks.spawnModule, stack: Stacks.read(Stacks.pool, [Stacks.main(9)], Stacks.boot()))
    list.spawnWorker(100, 103)
    list.open(
      103, Stacks.spawnModule,
      stack: Stacks.read(Stacks.pool, [Stacks.main(6, path: "/w/other.py")], Stacks.boot()))
    list.forkserver(100, 104, at: "/tmp/s")
    list.open(104, Stacks.forkserverModule, stack: cycle)
    let (report, announced) = list.run()
    #expect(announced.count == 4)
    #expect(report.findings.map { $0.culprit?.line } == [6, 9, 6, 6])
    #expect(report.findings.map(\.startMethod) == [.spawn, .spawn, .spawn, .forkserver])
    #expect(Set(report.findings.map(\.fingerprint)).count >= 3)
  }

  @Test func `a pid that comes back is another worker`() {
    var list = workers(101...101)
    list.exit(101, .status(1))
    list.spawnWorker(100, 101)
    list.open(101, Stacks.spawnModule, stack: cycle)
    #expect(list.findings.map(\.processes) == [[2, 3]])
  }

  @Test func `a run that ends with status 0 masks what it showed`() {
    var list = workers(101...102)
    list.exit(101, .status(1))
    #expect(list.findings.first?.consequence == .respawning)
    list.exit(102, .status(0))
    #expect(list.findings.first?.consequence == .respawning)
    #expect(list.run().report.termination == nil)
    list.exit(100, .status(0))
    #expect(list.findings.first?.consequence == .masked)
    #expect(list.run().report.termination == .status(0))
  }

  @Test(arguments: [Termination.status(1), .signal(15)])
  func `any other end shows whether workers were replaced`(termination: Termination) {
    var list = workers(101...101)
    #expect(list.findings.first?.consequence == .respawning, "expected, because it is a Pool's")
    list.exit(100, termination)
    #expect(list.findings.first?.consequence == .contained)
    #expect(list.run().report.termination == termination)
    // A process that ends later doesn't change how the command ended.
    list.exit(101, .status(0))
    #expect(list.findings.first?.consequence == .contained)
    #expect(list.run().report.termination == termination)
  }

  @Test(
    arguments: [(2, .contained), (3, .respawning), (40, .respawning)] as [(Int32, Consequence)])
  func `workers in a row, each started when the one before had ended, are generations`(
    count: Int32, consequence: Consequence
  ) {
    var list = EventList()
    list.main(100, "main.py")
    for worker in 101...(100 + count) {
      list.spawnWorker(100, worker)
      list.open(worker, Stacks.spawnModule, stack: cycle)
      list.exit(worker, .status(1))
    }
    list.exit(100, .status(1))
    #expect(list.findings.first?.consequence == consequence)
  }

  @Test func `workers side by side are one generation`() {
    var list = workers(101...120)
    for worker in Int32(101)...120 { list.exit(worker, .status(1)) }
    list.exit(100, .status(1))
    #expect(list.findings.first?.consequence == .contained)
  }

  @Test func `a tree that was ended from outside says nothing by its end`() {
    var list = workers(101...101)
    list.exit(101, .signal(9))
    list.exit(100, .status(0))
    var analysis = RunAnalysis(limits: Limits())
    for event in list.events {
      if !analysis.observe(event).isEmpty { analysis.stop() }
    }
    #expect(analysis.testReport.findings.first?.consequence == .stopped)
    #expect(analysis.testReport.termination == .status(0))
  }

  @Test func `the report of a healthy run, and of none`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.exit(101)
    list.exit(100, .status(3))
    let report = list.run().report
    #expect(report.verdict == "healthy")
    #expect(report.findings.isEmpty)
    #expect(report.events == UInt64(list.events.count))
    #expect(report.processes == list.records)
    #expect(report.termination == .status(3))
    #expect(report[process: 2]?.pid.rawValue == 101)
    #expect(report[process: 0] == nil)
    #expect(report[process: 3] == nil)
    #expect(EventList().run().report.processes.isEmpty)
  }
}
