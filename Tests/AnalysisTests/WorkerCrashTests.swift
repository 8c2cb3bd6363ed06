import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

struct WorkerCrashTests {
  /// A worker that is ready; `rest` says how it ends.
  private func worker(_ rest: (inout EventList) -> Void) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
    list.open(101, "/w/main.py", times: 3)
    list.open(101, "/dev/null")
    rest(&list)
    return list
  }

  private static let atWork = Stacks.read(
    [Stacks.frame("/w/main.py", 7, "work")], Stacks.target)

  @Test func `a signal: the line that was executed, where the worker was asked for`() throws {
    let list = worker { list in
      list.signal(101, 11, stack: Self.atWork)
      list.exit(101, .signal(11))
    }
    let (report, announced) = list.run()
    #expect(announced.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.rule == .workerCrash)
    #expect(finding.rule.severity == .note)
    #expect(finding.title == "a spawn worker died of SIGSEGV")
    #expect(finding.culprit?.line == 7)
    #expect(finding.callSite?.line == 12)
    #expect(report.verdict == "worker-crash")
  }

  @Test func `CPython's message of a refused start, which it only prints, hides no death`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
    list.open(101, "/w/main.py", times: 3)
    list.write(
      101, to: 2, "An attempt has been made to start a new process before the end\n",
      stack: Stacks.read([Stacks.main(2)], Stacks.boot()))
    list.open(101, "/dev/null")
    list.write(
      101, to: 2,
      """
      Traceback (most recent call last):
        File "/w/main.py", line 7, in work
          raise ValueError(1)
      ValueError: 1

      """)
    list.exit(101, .status(1))
    #expect(list.findings.map(\.rule) == [.workerCrash])
  }

  @Test func `a fault that faulthandler raises again is the kernel's`() throws {
    let list = worker { list in
      list.signal(101, 11, stack: Self.atWork)
      list.signal(101, 11, from: 101, stack: Self.atWork)
      list.exit(101, .signal(11))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.title == "a spawn worker died of SIGSEGV" && finding.culprit?.line == 7)
  }

  @Test func `an exception of main's own with CPython's words is a crash, and no refused start`()
    throws
  {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
    list.open(101, "/w/main.py", times: 3)
    list.open(
      101, "/usr/lib/python3.13/posixpath.py", stack: Stacks.read([Stacks.main(2)], Stacks.boot()))
    list.write(
      101, to: 2,
      """
      Traceback (most recent call last):
        File "<string>", line 1, in <module>
        File "/usr/lib/python3.13/multiprocessing/spawn.py", line 122, in spawn_main
        File "/usr/lib/python3.13/multiprocessing/spawn.py", line 297, in _fixup_main_from_path
        File "/w/main.py", line 8, in <module>
          raise RuntimeError(MSG)
      RuntimeError: 
              An attempt has been made to start a new process before the
              current process has finished its bootstrapping phase.

      """, stack: Stacks.read([]))
    list.exit(101, .status(1))
    let finding = try #require(list.findings.first)
    #expect(list.findings.map(\.rule) == [.workerCrash])
    #expect(finding.culprit?.line == 8)
  }

  @Test func `SIGKILL that it sends itself: the line that sends it`() throws {
    let list = worker { list in
      list.kill(101, 101, stack: Self.atWork)
      list.exit(101, .signal(9))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.title == "a spawn worker died of SIGKILL, which it sent itself")
    #expect(finding.culprit?.line == 7)
  }

  @Test func `a worker that its parent kills before it has executed anything did not crash`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.kill(100, 101)
    list.python(
      101, "-c",
      "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=6, pipe_handle=8)",
      "--multiprocessing-fork")
    list.exit(101, .signal(9))
    list.exit(100)
    #expect(list.findings.isEmpty)
  }

  @Test func `SIGKILL from outside has no line of its own: where the worker was asked for`() throws
  {
    let finding = try #require(worker { $0.exit(101, .signal(9)) }.findings.first)
    #expect(finding.title == "a spawn worker died of SIGKILL")
    #expect(finding.culprit?.line == 12)
  }

  @Test func `another worker sends it: its line, and its number`() throws {
    let list = worker { list in
      list.spawnWorker(100, 102, stack: Stacks.starting(line: 13))
      list.kill(102, 101, stack: Self.atWork)
      list.exit(101, .signal(9))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.title == "a spawn worker died of SIGKILL, which process 102 sent")
    #expect(finding.culprit?.line == 7)
  }

  @Test(
    arguments: [
      { (list: inout EventList) in
        list.kill(100, 101)
        list.exit(101, .signal(9))
      },
      { (list: inout EventList) in
        list.signal(101, 15, from: 100)
        list.exit(101, .signal(15))
      },
      // A terminal, a CI system.
      { (list: inout EventList) in
        list.signal(101, 2)
        list.exit(101, .signal(2))
      },
      { (list: inout EventList) in
        list.signal(101, 15, from: 999)
        list.exit(101, .signal(15))
      },
      // PR_SET_PDEATHSIG, or a pipe without its other end.
      { (list: inout EventList) in
        list.exit(100, .status(0))
        list.exit(101, .signal(9))
      },
      { (list: inout EventList) in list.exit(101, .status(3)) },
      { (list: inout EventList) in list.exit(101, .status(0)) },
    ] as [@Sendable (inout EventList) -> Void])
  func `an end by a process that may end the worker isn't a crash`(
    rest: @Sendable (inout EventList) -> Void
  ) {
    #expect(worker(rest).findings.isEmpty)
  }

  @Test func `an uncaught exception: the innermost line of the user's`() throws {
    let list = worker { list in
      list.write(
        101, to: 2, WorkerTracebacks.working("ValueError: no", line: 9),
        stack: WorkerTracebacks.bootstrap)
      list.exit(101, .status(1))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.title == "a spawn worker died of ValueError")
    #expect(finding.culprit?.line == 9)
    #expect(finding.certainty == .proven)
  }

  @Test func `an exception that was caught and printed isn't a crash`() {
    let list = worker { list in
      list.write(
        101, to: 2, WorkerTracebacks.working("ValueError: no", line: 9),
        stack: WorkerTracebacks.caught)
      list.exit(101, .status(1))
    }
    #expect(list.findings.isEmpty)
  }

  @Test(arguments: [true, false])
  func `after many tracebacks one without a stack is taken for a caught one`(hasStack: Bool) {
    let text = WorkerTracebacks.working("ValueError: no", line: 9)
    let list = worker { list in
      list.write(101, to: 2, text, stack: WorkerTracebacks.caught)
      list.write(101, to: 2, text)
      list.write(101, to: 2, text, stack: hasStack ? WorkerTracebacks.bootstrap : nil)
      list.exit(101, .status(1))
    }
    #expect(list.findings.map(\.certainty) == (hasStack ? [.proven] : []))
  }

  @Test(arguments: ["SystemExit: 1", "KeyboardInterrupt"])
  func `nor is an exception that ends a program on purpose`(exception: String) {
    let list = worker { list in
      list.write(
        101, to: 2, WorkerTracebacks.working(exception, line: 9),
        stack: WorkerTracebacks.bootstrap)
      list.exit(101, .status(1))
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `one cause is reported once, however many workers show it`() {
    var list = EventList()
    list.main(100, "main.py")
    for worker in Int32(101)...108 {
      list.spawnWorker(100, worker, stack: Stacks.starting(line: 12))
      list.open(worker, "/dev/null")
      list.signal(worker, 11, stack: Self.atWork)
      list.exit(worker, .signal(11))
    }
    let (report, announced) = list.run()
    #expect(announced.count == 1)
    #expect(report.findings.count == 1)
    #expect(report.findings.first?.occurrences == 8)
  }

  @Test func `a forked worker counts, a process that was forked by hand doesn't`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, stack: Stacks.read(Stacks.forking, [Stacks.main(5)]))
    list.fork(100, 102, stack: Stacks.read([Stacks.main(6)]))
    for child in Int32(101)...102 {
      list.signal(child, 11, stack: Self.atWork)
      list.exit(child, .signal(11))
    }
    #expect(list.findings.map(\.processes) == [[2]])
  }

  @Test func `an end while the tree is being ended isn't a crash`() {
    let list = worker { $0.exit(101, .signal(9)) }
    var analysis = RunAnalysis(limits: Limits())
    for event in list.events {
      if case .exited = event.kind { analysis.stop() }
      #expect(analysis.observe(event).isEmpty)
    }
  }
}
