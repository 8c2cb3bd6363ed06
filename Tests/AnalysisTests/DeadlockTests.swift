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

  @Test func `who waits for a forkserver's word on its worker waits for the worker`() throws {
    func findings(of worker: ThreadActivity) -> [Finding] {
      var list = EventList()
      list.main(100, "main.py")
      list.forkserver(100, 101, at: "/tmp/socket")
      list.connect(100, "/tmp/socket")
      list.fork(101, 102)
      list.open(102, "/dev/null")
      list.add(.surveyBegan(.deadline(3_000_000_000)), by: 100)
      let join = [
        Stacks.frame(Stacks.library + "/multiprocessing/popen_forkserver.py", 65, "poll"),
        Stacks.frame(Stacks.library + "/multiprocessing/process.py", 149, "join"),
        Stacks.frame("/w/main.py", 15, "<module>"),
      ]
      list.add(
        .surveyed(Self.waiting(.pipeToRead, for: 101, call: "poll")), by: 100,
        stack: Stacks.read(join))
      // The server waits for anything: a client, or a worker's end.
      list.add(.surveyed(Self.waiting(.socket, call: "epoll_wait")), by: 101)
      list.add(.surveyed(worker), by: 102, stack: Stacks.read(Stacks.target))
      list.add(.surveyEnded(isMoving: false), by: 100)
      return list.findings
    }
    let finding = try #require(findings(of: Self.waiting(.pipeToWrite, for: 100)).first)
    #expect(finding.rule == .deadlock && finding.processes == [1, 3])
    #expect(finding.culprit?.line == 15)
    #expect(findings(of: Self.waiting(.socket)).isEmpty)
    #expect(findings(of: ThreadActivity(name: "python", state: .running)).isEmpty)
  }

  @Test func `a process that ends before its survey does has waited for itself`() {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.surveyBegan(.deadline(3_000_000_000)), by: 100)
    list.add(
      .surveyed(Self.waiting(.pipeToWrite, for: 100, call: "write")), by: 100,
      stack: Stacks.read(Self.join))
    list.exit(100)
    list.add(.surveyEnded(isMoving: false), by: 100)
    #expect(list.findings.map(\.rule) == [.deadlock])
  }

  @Test(arguments: [
    WaitObject.Kind.socket, .terminal, .file, .signal, .time, .pipeToRead, .pipeToWrite, .fileLock,
  ])
  func `a wait for something outside is no deadlock, whoever waits for the waiter`(
    kind: WaitObject.Kind
  ) {
    #expect(
      list(main: Self.waiting(kind), worker: Self.waiting(.pipeToRead, for: 100)).findings == [])
    #expect(list(main: Self.waiting(.child, for: 101), worker: Self.waiting(kind)).findings == [])
  }

  @Test func `a wait with a timeout is no deadlock`() {
    let waits: [(WaitObject.Kind, [Int32])] = [(.lock, []), (.child, [101]), (.semaphore, [101])]
    for (kind, processes) in waits {
      let wait = Wait(
        call: "futex",
        objects: [WaitObject(kind: kind, processes: processes.map(ProcessID.init(rawValue:)))],
        isTimed: true)
      let list = list(
        main: ThreadActivity(name: "python", state: .waiting(wait)),
        worker: Self.waiting(.semaphore, for: 100))
      #expect(list.findings == [])
    }
  }

  @Test func `a child that waits for a lock of its own for ever keeps its parent waiting`() throws {
    let list = list(main: Self.waiting(.child, call: "wait4"), worker: Self.waiting(.lock)) {
      $0.exit(102)
    }
    let finding = try #require(list.findings.first)
    #expect(finding.processes == [1, 2], "any child is every child that lives")
    #expect(finding.certainty == .proven)
  }

  @Test func `a pipe whose other end only the waiter has is a circle of one`() throws {
    let list = list(
      main: Self.waiting(.pipeToRead, for: 100), worker: Self.waiting(.socket)
    ) { $0.exit(102) }
    let finding = try #require(list.findings.first)
    #expect(finding.certainty == .proven && finding.processes == [1])
    #expect(finding.title == "nothing moves: main.py waits for itself")
  }

  @Test func `a process that wasn't surveyed may end a wait`() {
    let list = list(
      main: Self.waiting(.pipeToRead, for: 900), worker: Self.waiting(.pipeToRead, for: 100))
    #expect(list.findings == [])
  }

  @Test func `an event that a signal's handler may set is no deadlock; a lock in a with is one`() {
    func findings(_ frame: PythonFrame, handlesSignals: Bool) -> [Finding] {
      var list = EventList()
      list.main(100, "main.py")
      list.add(.surveyBegan(.signal(15)), by: 100)
      var activity = Self.waiting(.lock, call: "futex")
      activity.handlesSignals = handlesSignals
      list.add(.surveyed(activity), by: 100, stack: Stacks.read([frame]))
      list.add(.surveyEnded(isMoving: false), by: 100)
      return list.findings
    }
    let wait = Stacks.frame(Stacks.library + "/threading.py", 355, "wait")
    #expect(findings(wait, handlesSignals: true) == [])
    #expect(findings(wait, handlesSignals: false).map(\.certainty) == [.proven])
    var lock = Stacks.frame("/w/main.py", 3, "<module>")
    lock.source = SourceExcerpt(line: "    with lock:")
    #expect(findings(lock, handlesSignals: true).map(\.certainty) == [.proven])
  }

  @Test(arguments: [
    ("/concurrent/futures/_base.py", "result"), ("/queue.py", "get"), ("/threading.py", "join"),
    ("/multiprocessing/pool.py", "get"),
  ])
  func `no signal's handler completes a future, a queue, a thread or a Pool's task`(
    file: String, function: String
  ) {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.surveyBegan(.deadline(3_000_000_000)), by: 100)
    var activity = Self.waiting(.lock, call: "futex")
    activity.handlesSignals = true
    list.add(
      .surveyed(activity), by: 100,
      stack: Stacks.read([
        Stacks.frame(Stacks.library + "/threading.py", 355, "wait"),
        Stacks.frame(Stacks.library + file, 4, function), Stacks.frame("/w/main.py", 3, "<module>"),
      ]))
    list.add(.surveyEnded(isMoving: false), by: 100)
    #expect(list.findings.map(\.rule) == [.deadlock])
  }

  @Test(arguments: [
    (WaitObject.Kind.semaphore, true), (.pipeToRead, true), (.pipeToWrite, false),
    (.fileLock, false),
  ])
  func `a handler of the parent's may give the word that a worker waits for, but empties no pipe`(
    kind: WaitObject.Kind, isWord: Bool
  ) {
    func rules(handlesSignals: Bool) -> [Rule] {
      var main = Self.waiting(.child, for: 101, call: "wait4")
      main.handlesSignals = handlesSignals
      return list(main: main, worker: Self.waiting(kind, for: 100)) { $0.exit(102) }
        .findings.map(\.rule)
    }
    #expect(rules(handlesSignals: false) == [.deadlock])
    #expect(rules(handlesSignals: true) == (isWord ? [] : [.deadlock]))
  }

  @Test(arguments: [
    ("/dev/shm/sem.gate", true), ("/dev/shm/sem.gate (deleted)", false),
    ("/dev/shm/sem.mp-4zq8_", false), ("/dev/shm/sem.loky-77-a", false),
  ])
  func `a semaphore with a name may be posted by any program`(name: String, isOpenToAll: Bool) {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.surveyBegan(.signal(15)), by: 100)
    let object = WaitObject(
      kind: .semaphore, name: name, processes: [ProcessID(rawValue: 100)])
    list.add(
      .surveyed(
        ThreadActivity(
          name: "python",
          state: .waiting(Wait(call: "futex", objects: [object], isTimed: false)))),
      by: 100, stack: Stacks.read([Stacks.frame("/w/main.py", 3, "<module>")]))
    list.add(.surveyEnded(isMoving: false), by: 100)
    #expect(list.findings.isEmpty == isOpenToAll)
  }

  @Test(arguments: [true, false])
  func `a timer's thread, all frames of which are the library's, may release a lock`(
    isThere: Bool
  ) {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.surveyBegan(.signal(15)), by: 100)
    var lock = Stacks.frame("/w/main.py", 3, "<module>")
    lock.source = SourceExcerpt(line: "with lock:")
    if isThere {
      list.add(
        .surveyed(Self.waiting(.lock, call: "futex", isTimed: true)), by: 100, thread: 190,
        stack: Stacks.read([
          Stacks.frame(Stacks.library + "/threading.py", 363, "wait"),
          Stacks.frame(Stacks.library + "/threading.py", 1431, "run"),
        ]))
    }
    list.add(.surveyed(Self.waiting(.lock, call: "futex")), by: 100, stack: Stacks.read([lock]))
    list.add(.surveyEnded(isMoving: false), by: 100)
    #expect(list.findings.isEmpty == isThere)
  }

  @Test func `an event loop that waits for its own pipe waits for a signal`() {
    let loop = Self.waiting(.pipeToRead, for: 100, call: "epoll_wait")
    #expect(list(main: loop, worker: Self.waiting(.socket)) { $0.exit(102) }.findings == [])
  }

  /// A Pool's handlers poll up to 3.7, and a progress bar's monitor sleeps.
  @Test(arguments: [
    ("/multiprocessing/pool.py", "_handle_workers", true), ("/tqdm/_monitor.py", "run", true),
    ("/threading.py", "run", false),
  ])
  func `a helper that looks after others hides no deadlock: (file, function, whether it is one)`(
    file: String, function: String, isHelper: Bool
  ) {
    let list = list(
      main: Self.waiting(.child, for: 101), worker: Self.waiting(.semaphore, for: 100)
    ) { list in
      let frame = Stacks.frame(Stacks.library + file, 1, function)
      list.add(
        .surveyed(Self.waiting(.time, call: "nanosleep", isTimed: true)), by: 100, thread: 190,
        stack: Stacks.read([frame]))
    }
    #expect(list.findings.map(\.certainty) == (isHelper ? [.likely] : []))
  }

  @Test func `the survey of a first Ctrl-C counts if the program ends of it`() {
    func findings(_ end: Termination, after seconds: UInt64 = 0) -> [Finding] {
      var list = EventList()
      list.main(100, "main.py")
      list.add(.surveyBegan(.interrupt), by: 100)
      list.add(.surveyed(Self.waiting(.lock)), by: 100, stack: Stacks.read(Self.join))
      list.add(.surveyEnded(isMoving: false), by: 100)
      #expect(list.findings == [], "it may go on")
      list.delay = seconds * 1_000_000_000
      list.exit(100, end)
      return list.findings
    }
    #expect(findings(.signal(2)).map(\.rule) == [.deadlock])
    #expect(findings(.status(2)).map(\.rule) == [.deadlock], "a test runner")
    #expect(findings(.status(0)) == [])
    #expect(findings(.status(2), after: 60) == [])
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
