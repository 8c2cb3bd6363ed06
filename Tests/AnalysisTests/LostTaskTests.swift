import Analysis
import Diagnostics
import Multiprocessing
import TestSupport
import Testing
import TraceModel

struct LostTaskTests {
  private static let dying = Stacks.read(
    [
      Stacks.frame("/w/main.py", 7, "work"),
      Stacks.frame(Stacks.library + "/multiprocessing/pool.py", 125, "worker"),
    ], Stacks.target)

  private static let waiting = Stacks.read([
    Stacks.frame(Stacks.library + "/threading.py", 359, "wait"),
    Stacks.frame(Stacks.library + "/multiprocessing/pool.py", 767, "get"),
    Stacks.frame("/w/main.py", 14, "collect"),
    Stacks.frame("/w/main.py", 20, "<module>", module: "__main__"),
  ])

  /// A Pool's worker that works; `rest` says how it ends.
  private func pool(_ rest: (inout EventList) -> Void) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: Stacks.makingPool(line: 12))
    list.open(101, "/w/main.py", times: 3)
    list.open(101, "/dev/null")
    rest(&list)
    return list
  }

  private func loss(
    _ list: inout EventList, _ end: Termination, of worker: Int32 = 101, job: Int = 2
  ) {
    list.add(.dying(Dying(job: job)), by: worker, stack: Self.dying)
    list.exit(worker, end)
  }

  private func wait(
    _ list: inout EventList, _ state: JobWait.State, job: Int = 2, by process: Int32 = 100
  ) {
    list.add(
      .awaited(JobWait(job: job, state: state, isMainWaiting: true)), by: process,
      stack: Self.waiting)
  }

  @Test(arguments: [.status(3), .status(0), .signal(9), .signal(11), .signal(15)] as [Termination])
  func `a job that died with its worker, and an endless wait for it`(end: Termination) throws {
    let (report, announced) = pool { list in
      loss(&list, end)
      wait(&list, .endless)
    }.run()
    let finding = try #require(report.findings.first)
    #expect(announced.map(\.rule) == [.lostTask] && report.findings.count == 1)
    #expect(finding.certainty == .proven && finding.consequence == .blocked)
    #expect(finding.culprit?.line == 14 && finding.callSite?.line == 14)
    #expect(finding.workerEnd?.culprit?.line == 7)
    #expect(report.verdict == "lost-task")
  }

  @Test(arguments: [.timed, .none] as [JobWait.State])
  func `another wait, or none, makes it a note, which is announced then`(state: JobWait.State)
    throws
  {
    let list = pool { list in
      loss(&list, .status(3))
      wait(&list, state)
    }
    let (report, announced) = list.run()
    #expect(announced.map(\.rule) == [.workerCrash])
    #expect(report.findings.map(\.rule) == [.workerCrash])
    #expect(report.findings.first?.culprit?.line == 7)
  }

  @Test func `a note becomes part of the error if the parent waits for it later`() {
    let (report, announced) = pool { list in
      loss(&list, .signal(9))
      wait(&list, .none)
      wait(&list, .endless)
    }.run()
    #expect(announced.map(\.rule) == [.workerCrash, .lostTask])
    #expect(report.findings.map(\.rule) == [.lostTask])
  }

  @Test func `a note is announced when the parent ends, once`() {
    let (report, announced) = pool { list in
      loss(&list, .status(3))
      list.exit(100)
    }.run()
    #expect(announced.map(\.rule) == [.workerCrash])
    #expect(report.findings.map(\.rule) == [.workerCrash])
  }

  @Test func `a task that its worker can't unpickle: the loss has the exception, both say blocked`()
    throws
  {
    let list = pool { list in
      list.write(
        101, to: 2,
        """
        Traceback (most recent call last):
          File "\(Stacks.library)/multiprocessing/process.py", line 314, in _bootstrap
          File "\(Stacks.library)/multiprocessing/pool.py", line 114, in worker
          File "\(Stacks.library)/multiprocessing/queues.py", line 389, in get
        AttributeError: Can't get attribute 'cube' on <module '__mp_main__' from '/w/main.py'>

        """, stack: WorkerTracebacks.bootstrap)
      list.exit(101, .status(1))
      wait(&list, .endless)
    }
    let lost = try #require(list.findings.first { $0.rule == .lostTask })
    guard case .exception(let traceback) = lost.workerEnd?.reason else {
      Issue.record("no exception")
      return
    }
    #expect(traceback.exception == "AttributeError" && lost.certainty == .likely)
    #expect(
      list.findings.first { $0.rule == .unpicklableTarget }?.consequence == .blocked)
  }

  @Test func `another job's wait, or another process's, is none for this one`() {
    let (report, _) = pool { list in
      list.spawnWorker(100, 102, stack: Stacks.starting(line: 13))
      loss(&list, .status(3))
      wait(&list, .endless, job: 3)
      wait(&list, .endless, by: 102)
    }.run()
    #expect(report.findings.map(\.rule) == [.workerCrash])
  }

  @Test func `two losses that one line waits for are one finding`() {
    let (report, announced) = pool { list in
      list.spawnWorker(100, 102, stack: Stacks.makingPool(line: 12))
      list.open(102, "/dev/null")
      loss(&list, .status(3))
      loss(&list, .status(3), of: 102, job: 4)
      wait(&list, .endless)
      wait(&list, .endless, job: 4)
    }.run()
    #expect(announced.map(\.rule) == [.lostTask])
    #expect(report.findings.map(\.occurrences) == [2])
  }

  @Test func `a worker that terminate() ends isn't a crash, unless its job is waited for`() {
    func ended(isAwaited: Bool) -> EventList {
      pool { list in
        list.signal(101, 15, from: 100)
        loss(&list, .signal(15))
        if isAwaited { wait(&list, .endless) }
      }
    }
    #expect(ended(isAwaited: false).findings.isEmpty)
    #expect(ended(isAwaited: true).findings.map(\.rule) == [.lostTask])
  }

  // MARK: What is no crash

  private static let atWork = Stacks.read(
    [Stacks.frame("/w/main.py", 7, "work")], Stacks.target)

  @Test(arguments: [1, 2, 15] as [Int32])
  func `a signal that it has handled, and raises again`(signal: Int32) {
    let list = pool { list in
      list.signal(101, signal, from: 100)
      list.signal(101, signal, from: 101, stack: Self.atWork)
      list.exit(101, .signal(signal))
    }
    #expect(list.findings.isEmpty)
    let first = pool { list in
      list.signal(101, signal, from: 101, stack: Self.atWork)
      list.exit(101, .signal(signal))
    }
    #expect(first.findings.map(\.rule) == [.workerCrash])
  }

  @Test func `a SIGSEGV that it has handled, and raises again, is one all the same`() {
    let list = pool { list in
      list.signal(101, 11)
      list.signal(101, 11, from: 101, stack: Self.atWork)
      list.exit(101, .signal(11))
    }
    #expect(list.findings.map(\.rule) == [.workerCrash])
  }

  @Test func `SIGKILL when the thread that created it ends: it has asked for that`() throws {
    func killed(isOrphan: Bool) -> EventList {
      pool { list in
        list.add(.dying(Dying(isOrphan: isOrphan)), by: 101, stack: Self.atWork)
        list.exit(101, .signal(9))
      }
    }
    #expect(killed(isOrphan: true).findings.isEmpty)
    let finding = try #require(killed(isOrphan: false).findings.first)
    #expect(finding.rule == .workerCrash && finding.culprit?.line == 7)
  }

  @Test func `SIGKILL by another worker: the victim's line, and the sender's`() throws {
    let list = pool { list in
      list.spawnWorker(100, 102, stack: Stacks.starting(line: 13))
      list.kill(102, 101, stack: Stacks.read([Stacks.frame("/w/main.py", 30, "fight")]))
      list.add(.dying(Dying()), by: 101, stack: Self.atWork)
      list.exit(101, .signal(9))
    }
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.line == 7 && finding.workerEnd?.senderPlace?.line == 30)
  }
}
