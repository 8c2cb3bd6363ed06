import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

struct RespawnLoopTests {
  /// A Pool of two workers, each of which ends as `end` says; `generations` of them.
  private func pool(
    generations: Int32, replacement: StackReading? = Stacks.replacement, creator: Int32? = nil,
    end: (inout EventList, Int32) -> Void
  ) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: replacement == nil ? nil : Stacks.makingPool(line: 17))
    list.spawnWorker(100, 102, stack: replacement == nil ? nil : Stacks.makingPool(line: 17))
    for generation in 0..<generations {
      for worker in [101 + generation * 2, 102 + generation * 2] {
        list.open(worker, "/w/main.py", times: 3)
        end(&list, worker)
        if generation + 1 < generations {
          list.spawnWorker(100, worker + 2, stack: replacement, creator: creator)
        }
      }
    }
    return list
  }

  private func importFails(_ list: inout EventList, _ worker: Int32) {
    list.write(
      worker, to: 2, WorkerTracebacks.importing("ValueError: twice", line: 8),
      stack: WorkerTracebacks.uncaught)
    list.exit(worker, .status(1))
  }

  @Test func `the import raises: the line that raises, and the Pool's`() throws {
    let (report, announced) = pool(generations: 3, end: importFails).run()
    #expect(announced.map(\.rule) == [.respawnLoop])
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.certainty == .proven)
    #expect(finding.consequence == .respawning)
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == 8)
    #expect(finding.callSite?.line == 17)
    #expect(finding.startMethod == .spawn)
    #expect(finding.title == "each worker of the Pool dies importing main.py, and is replaced")
  }

  @Test
  func `two generations aren't a loop yet, and their deaths are reported at the parent's end`()
    throws
  {
    var list = pool(generations: 2, end: importFails)
    #expect(list.run().announced.isEmpty)
    list.exit(100, .status(0))
    let (report, announced) = list.run()
    #expect(announced.map(\.rule) == [.workerCrash])
    #expect(report.findings.first?.occurrences == 4)
    #expect(report.findings.first?.consequence == .masked)
  }

  @Test func `the initializer raises, after the boot window`() throws {
    let list = pool(generations: 3) { list, worker in
      list.open(worker, "/dev/null")
      list.write(
        worker, to: 2, WorkerTracebacks.working("ValueError: no", line: 8),
        stack: WorkerTracebacks.bootstrap)
      list.exit(worker, .status(1))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .respawnLoop)
    #expect(finding.culprit?.function == "init")
    #expect(finding.culprit?.line == 8)
    #expect(finding.title == "each worker of the Pool dies of ValueError, and is replaced")
  }

  @Test func `unittest.main() ends the import: its line, by the stack at what it says`() throws {
    let list = pool(generations: 3) { list, worker in
      let stack = Stacks.read(
        [
          Stacks.frame(Stacks.library + "/unittest/runner.py", 240, "run"),
          Stacks.frame(Stacks.library + "/unittest/main.py", 281, "runTests"),
        ], [Stacks.main(18)], Stacks.boot())
      list.write(worker, to: 2, "Ran 0 tests in 0.000s\n", stack: stack)
      list.exit(worker, .status(5))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .respawnLoop)
    #expect(finding.culprit?.line == 18)
  }

  @Test func `the cause of the import's end is not known: the script, without a line`() throws {
    let list = pool(generations: 3) { $0.exit($1, .status(3)) }
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == nil)
  }

  @Test func `an import that ends with 0 is replaced for ever as well`() {
    #expect(pool(generations: 3) { $0.exit($1, .status(0)) }.findings.first?.rule == .respawnLoop)
  }

  @Test func `another cause each time isn't a loop`() {
    let list = pool(generations: 5) { list, worker in
      list.write(
        worker, to: 2, WorkerTracebacks.importing("ValueError: x", line: Int(worker)),
        stack: WorkerTracebacks.uncaught)
      list.exit(worker, .status(1))
    }
    #expect(!list.findings.contains { $0.rule == .respawnLoop })
  }

  @Test func `workers that end with 0 after their work aren't a loop (maxtasksperchild)`() {
    let list = pool(generations: 20) { list, worker in
      list.open(worker, "/dev/null")
      list.exit(worker, .status(0))
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `workers that their parent ends aren't a loop`() {
    let list = pool(generations: 20) { list, worker in
      list.signal(worker, 15, from: 100)
      list.exit(worker, .signal(15))
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `processes that fail one after the other aren't a loop: nothing replaces them`() {
    let list = pool(generations: 20, replacement: Stacks.starting(line: 5), end: importFails)
    #expect(!list.findings.contains { $0.rule == .respawnLoop })
  }

  @Test
  func `without stacks a start by another thread is likely a replacement, one by the first isn't`()
    throws
  {
    let list = pool(generations: 3, replacement: nil, creator: 150, end: importFails)
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .respawnLoop)
    #expect(finding.certainty == .likely)
    #expect(
      !pool(generations: 9, replacement: nil, end: importFails).findings.contains {
        $0.rule == .respawnLoop
      })
  }

  @Test func `workers with a start that CPython refused belong to the cycle`() {
    let list = pool(generations: 5) { list, worker in
      list.write(
        worker, to: 2, WorkerTracebacks.refused(line: 8), stack: WorkerTracebacks.uncaught)
      list.exit(worker, .status(1))
    }
    #expect(!list.findings.contains { $0.rule == .respawnLoop || $0.rule == .workerCrash })
  }

  @Test func `a signal at one place is a cause, one from outside at an unknown place isn't`() {
    let list = pool(generations: 3) { list, worker in
      list.open(worker, "/dev/null")
      list.signal(
        worker, 11, stack: Stacks.read([Stacks.frame("/w/main.py", 7, "work")], Stacks.target))
      list.exit(worker, .signal(11))
    }
    #expect(list.findings.first?.rule == .respawnLoop)
    let killed = pool(generations: 9) { list, worker in
      list.open(worker, "/dev/null")
      list.exit(worker, .signal(9))
    }
    #expect(killed.findings.map(\.rule) == [.workerCrash])
  }

  @Test func `deaths of workers by a task are reported at once; deaths at their start are not`() {
    var list = pool(generations: 1) { list, worker in
      list.open(worker, "/dev/null")
      let text = WorkerTracebacks.working("AttributeError: Can't get attribute 'f'", line: 9)
      list.write(
        worker, to: 2, text.replacing("initializer(*initargs)", with: "task = get()"),
        stack: WorkerTracebacks.bootstrap)
      list.exit(worker, .status(1))
    }
    #expect(list.run().announced.map(\.rule) == [.workerCrash])
    list = pool(generations: 1) { list, worker in
      list.open(worker, "/dev/null")
      list.write(
        worker, to: 2, WorkerTracebacks.working("ValueError: no", line: 9),
        stack: WorkerTracebacks.bootstrap)
      list.exit(worker, .status(1))
    }
    #expect(list.run().announced.isEmpty)
  }

  @Test func `each further generation is counted`() {
    #expect(pool(generations: 6, end: importFails).findings.first?.occurrences == 10)
  }
}
