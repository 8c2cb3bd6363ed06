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

  @Test("The import raises: the line that raises, and the Pool's")
  func importRaises() throws {
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

  @Test("Two generations aren't a loop yet; their deaths are reported at the parent's end")
  func two() throws {
    var list = pool(generations: 2, end: importFails)
    #expect(list.run().announced.isEmpty)
    list.exit(100, .status(0))
    let (report, announced) = list.run()
    #expect(announced.map(\.rule) == [.workerCrash])
    #expect(report.findings.first?.occurrences == 4)
    #expect(report.findings.first?.consequence == .masked)
  }

  @Test("The initializer raises, after the boot window")
  func initializer() throws {
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

  @Test("unittest.main() ends the import: its line, by the stack at what it says")
  func unittest() throws {
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

  @Test("The cause of the import's end is not known: the script, without a line")
  func exits() throws {
    let list = pool(generations: 3) { $0.exit($1, .status(3)) }
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == nil)
  }

  @Test("An import that ends with 0 is replaced for ever as well")
  func exitsWell() {
    #expect(pool(generations: 3) { $0.exit($1, .status(0)) }.findings.first?.rule == .respawnLoop)
  }

  @Test("Another cause each time isn't a loop")
  func causes() {
    let list = pool(generations: 5) { list, worker in
      list.write(
        worker, to: 2, WorkerTracebacks.importing("ValueError: x", line: Int(worker)),
        stack: WorkerTracebacks.uncaught)
      list.exit(worker, .status(1))
    }
    #expect(!list.findings.contains { $0.rule == .respawnLoop })
  }

  @Test("Workers that end with 0 after their work aren't a loop (maxtasksperchild)")
  func lifetimes() {
    let list = pool(generations: 20) { list, worker in
      list.open(worker, "/dev/null")
      list.exit(worker, .status(0))
    }
    #expect(list.findings.isEmpty)
  }

  @Test("Workers that their parent ends aren't a loop")
  func terminated() {
    let list = pool(generations: 20) { list, worker in
      list.signal(worker, 15, from: 100)
      list.exit(worker, .signal(15))
    }
    #expect(list.findings.isEmpty)
  }

  @Test("Processes that fail one after the other aren't a loop: nothing replaces them")
  func supervised() {
    let list = pool(generations: 20, replacement: Stacks.starting(line: 5), end: importFails)
    #expect(!list.findings.contains { $0.rule == .respawnLoop })
  }

  @Test(
    "Without stacks a start by another thread is likely a replacement, one by the first isn't")
  func threads() throws {
    let list = pool(generations: 3, replacement: nil, creator: 150, end: importFails)
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .respawnLoop)
    #expect(finding.certainty == .likely)
    #expect(
      !pool(generations: 9, replacement: nil, end: importFails).findings.contains {
        $0.rule == .respawnLoop
      })
  }

  @Test("Workers with a start that CPython refused belong to the cycle")
  func refused() {
    let list = pool(generations: 5) { list, worker in
      list.write(
        worker, to: 2,
        WorkerTracebacks.importing(
          "RuntimeError: \n        An attempt has been made to start a new process before the",
          line: 8),
        stack: WorkerTracebacks.uncaught)
      list.exit(worker, .status(1))
    }
    #expect(!list.findings.contains { $0.rule == .respawnLoop || $0.rule == .workerCrash })
  }

  @Test("A signal at one place is a cause, one from outside at an unknown place isn't")
  func signals() {
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

  @Test("Deaths of workers by a task are reported at once; deaths at their start are not")
  func heldBack() {
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

  @Test("Each further generation is counted")
  func occurrences() {
    #expect(pool(generations: 6, end: importFails).findings.first?.occurrences == 10)
  }
}
