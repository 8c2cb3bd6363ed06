import Analysis
import Multiprocessing
import TestSupport
import Testing
import TraceModel

/// Workers of a library's own, which run main as `__mp_main__`.
struct LibraryWorkerTests {
  private let running = Stacks.read(
    [Stacks.frame(Stacks.library + "/subprocess.py", 1955, "_execute_child")],
    [Stacks.frame("/w/farm/__init__.py", 11, "call"), Stacks.main(8)],
    [Stacks.frame("<frozen runpy>", 88, "_run_code")],
    [Stacks.frame("/w/farm/worker.py", 10, "<module>", module: "__main__")])

  /// A worker of the first process, which has started a process while it ran main.
  private func worker(_ program: String = "farm.worker", stack: StackReading? = nil) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "farm.worker", "task")
    list.fork(101, 102, by: .vfork, stack: stack ?? running)
    list.python(102, "-m", program, "task", "more")
    return list
  }

  @Test func `a worker that starts its own program while it runs main is the proof`() throws {
    var list = worker()
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .reexecCycle && finding.certainty == .proven)
    #expect(finding.culprit?.line == 8 && finding.callSite?.line == 11)
    #expect(finding.cycle == .library(.module("farm.worker")))
    #expect(finding.startMethod == nil && finding.script?.runsAs == "__mp_main__")
    #expect(finding.processes == [2])
    list.exit(102, .status(1))
    list.exit(101, .status(1))
    list.exit(100, .status(1))
    #expect(list.findings.count == 1)
  }

  @Test func `another program that main runs is no cycle`() {
    #expect(worker("pip").findings.isEmpty)
  }

  @Test func `another thread may start it`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "farm.worker")
    let thread = Stacks.read([Stacks.frame("/w/farm/__init__.py", 11, "call")])
    list.fork(101, 102, by: .vfork, stack: thread, creator: 150, mainStack: running)
    list.python(102, "-m", "farm.worker")
    #expect(list.findings.first?.culprit?.line == 8)
  }

  @Test func `texts of -c that differ in numbers are the same program`() {
    for (text, count) in [("import farm; farm.serve(17)", 1), ("import farm; farm.check(17)", 0)] {
      var list = EventList()
      list.main(100, "main.py")
      list.fork(100, 101, by: .vfork)
      list.python(101, "-c", "import farm; farm.serve(4)")
      list.fork(101, 102, by: .vfork, stack: running)
      list.python(102, "-c", text)
      #expect(list.findings.count == count)
    }
  }

  @Test func `a worker below it that runs main again is the proof, whatever starts it`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "farm.worker")
    list.fork(101, 102, by: .vfork, stack: running)
    list.execute(102, "/usr/bin/env", ["env", "python", "-m", "farm.other"])
    list.python(102, "-m", "farm.other")
    #expect(list.findings.isEmpty)
    list.fork(102, 103, by: .vfork, stack: running)
    let finding = try #require(list.findings.first)
    #expect(finding.processes == [2] && finding.culprit?.line == 8)
  }

  @Test func `a forked copy has its parent's frames, and shows nothing`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "farm.worker")
    list.fork(101, 102, stack: running)
    list.fork(102, 103, stack: running)
    list.fork(103, 104, stack: running)
    #expect(list.findings.isEmpty)
  }

  @Test func `a worker of multiprocessing that such a worker starts is a proof at once`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "farm.worker")
    let stack = Stacks.read(
      [Stacks.frame(Stacks.library + "/multiprocessing/popen_spawn_posix.py", 58, "_launch")],
      Array(Stacks.start().dropFirst(2)), [Stacks.main(11)],
      [Stacks.frame("/w/farm/worker.py", 10, "<module>", module: "__main__")])
    list.fork(101, 102, by: .vfork, stack: stack)
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.line == 11 && finding.certainty == .proven)
  }
}
