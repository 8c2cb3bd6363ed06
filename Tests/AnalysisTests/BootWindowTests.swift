import TestSupport
import Testing
import TraceModel

@testable import Analysis

/// The other way to the proof: system calls and the traceback, without a stack.
struct BootWindowTests {
  /// A worker that has opened its script `/w/main.py`.
  private func worker() -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    return list
  }

  private static let traceback = """
    Traceback (most recent call last):
      File "<string>", line 1, in <module>
      File "\(Stacks.library)/multiprocessing/spawn.py", line 122, in spawn_main
        exitcode = _main(fd, parent_sentinel)
      File "\(Stacks.library)/multiprocessing/spawn.py", line 297, in _fixup_main_from_path
      File "/w/main.py", line 4, in <module>
        import helper
      File "/w/helper.py", line 8, in <module>
        start()
      File "/w/helper.py", line 5, in start
        Pool()
      File "\(Stacks.library)/multiprocessing/process.py", line 121, in start
      File "\(Stacks.library)/multiprocessing/spawn.py", line 140, in _check_not_importing_main
        raise RuntimeError('''
    RuntimeError:\u{20}
            An attempt has been made to start a new process before the
            current process has finished its bootstrapping phase.

    """

  @Test
  func `a tracker's probe after the starter's import, without a registration, is likely a start`()
    throws
  {
    var list = worker()
    list.open(101, Stacks.spawnModule)
    list.write(101, to: 6, "PROBE:0:noop\n")
    #expect(list.findings.isEmpty, "a lock would be registered next")
    list.open(101, "/dev/null")
    let finding = try #require(list.findings.first)
    #expect(finding.certainty == .likely && finding.processes == [2])
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == nil)
  }

  @Test func `the worker's end decides, too`() {
    var list = worker()
    list.open(101, Stacks.spawnModule)
    list.write(101, to: 6, #"{"cmd":"PROBE","rtype":"noop"}"# + "\n")
    list.exit(101, .signal(15))
    #expect(list.findings.map(\.certainty) == [.likely])
  }

  @Test(arguments: [
    ["PROBE:0:noop\n", "REGISTER:/mp-01234567:semaphore\n"], [],
    ["An attempt has been made to open the door"],
  ])
  func `a lock, an unpickled connection, a finished preparation and other texts aren't a start`(
    texts: [String]
  ) {
    var list = worker()
    list.open(101, Stacks.spawnModule)
    for text in texts { list.write(101, to: text.hasPrefix("An") ? 2 : 6, text) }
    list.open(101, "/dev/null")
    list.write(101, to: 6, "PROBE:0:noop\n")
    list.exit(101)
    #expect(list.findings.isEmpty)
  }

  @Test(arguments: [
    // Up to 3.13: a failed Pool takes its locks back, each with a probe in front.
    (["P", "R", "P", "R", "P", "P", "U", "P", "U"], true),
    (["P", "R", "P", "U"], false),
    // Two threads that make locks.
    (["P", "P", "R", "R"], false), (["P", "P", "R", "R", "P", "R", "P"], true),
    // From 3.14 on.
    (["R", "R", "P", "U", "U"], true), (["R", "R", "U", "R"], false), (["P"], true),
  ])
  func `a start's probe is distinguished from those of registrations before and behind it`(
    messages: [String], isStart: Bool
  ) {
    var list = worker()
    list.open(101, Stacks.spawnModule)
    for message in messages {
      switch message {
      case "P": list.write(101, to: 6, "PROBE:0:noop\n")
      case "R": list.write(101, to: 6, "REGISTER:/mp-01234567:semaphore\n")
      default: list.write(101, to: 6, "UNREGISTER:/mp-01234567:semaphore\n")
      }
    }
    list.open(101, "/dev/null")
    #expect(list.findings.isEmpty == !isStart)
  }

  @Test func `before the script is opened nothing counts`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, Stacks.spawnModule)
    list.write(101, to: 6, "PROBE:0:noop\n")
    list.open(101, "/dev/null")
    #expect(list.findings.isEmpty)
  }

  @Test func `a traceback names the innermost module's statement and the call site, in any pieces`()
    throws
  {
    for size in [40, 1000, 10_000] {
      var list = worker()
      list.open(101, Stacks.spawnModule)
      list.write(101, to: 6, "PROBE:0:noop\n")
      var rest = Self.traceback[...]
      while !rest.isEmpty {
        list.write(101, to: 2, String(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      let finding = try #require(list.findings.first)
      #expect(finding.certainty == .likely)
      #expect(finding.culprit?.path == "/w/helper.py" && finding.culprit?.line == 8)
      #expect(finding.culprit?.source?.line == "start()")
      #expect(finding.callSite?.path == "/w/helper.py" && finding.callSite?.line == 5)
    }
  }

  @Test func `the text alone, without the starter's import, is a guess`() {
    var list = worker()
    list.write(101, to: 2, Self.traceback)
    #expect(list.findings.map(\.certainty) == [.guess])
  }

  @Test func `a stack that shows no start outweighs a probe and a text that any program can print`()
  {
    var list = worker()
    let importing = Stacks.read(Stacks.importing, [Stacks.main(2)], Stacks.boot())
    list.open(101, Stacks.spawnModule, stack: importing)
    list.write(101, to: 2, "An attempt has been made to start a new process before the\n")
    list.write(101, to: 6, "PROBE:0:noop\n", stack: importing)
    list.open(101, "/dev/null")
    #expect(list.findings.isEmpty)
  }

  @Test func `the stack at the tracker's probe proves a start by a module that was loaded before`()
    throws
  {
    var list = worker()
    list.open(
      101, Stacks.spawnModule,
      stack: Stacks.read(Stacks.importing, [Stacks.main(2)], Stacks.boot()))
    let multiprocessing = Stacks.library + "/multiprocessing"
    list.write(
      101, to: 6, "PROBE:0:noop\n",
      stack: Stacks.read(
        [
          Stacks.frame(multiprocessing + "/resource_tracker.py", 90, "ensure_running"),
          Stacks.frame(Stacks.spawnModule, 35, "_launch"),
        ], Array(Stacks.start().dropFirst(2)), [Stacks.main(6)], Stacks.boot()))
    let finding = try #require(list.findings.first)
    #expect(finding.certainty == .proven && finding.culprit?.line == 6)
  }

  @Test func `both ways to one start are one finding, with the better certainty`() throws {
    var list = worker()
    list.spawnWorker(100, 102)
    list.open(102, "/w/main.py", times: 3)
    list.open(101, Stacks.spawnModule)
    list.write(101, to: 6, "PROBE:0:noop\n")
    list.exit(101)
    list.open(
      102, Stacks.spawnModule,
      stack: Stacks.read(Stacks.start(), [Stacks.main(6)], Stacks.boot()))
    list.write(102, to: 6, "PROBE:0:noop\n")
    list.exit(102)
    let findings = list.findings
    #expect(findings.count == 1)
    #expect(findings[0].certainty == .proven && findings[0].processes == [2, 3])
    #expect(findings[0].culprit?.line == 6)
  }

  @Test
  func `a forkserver's worker has the starter from its server, and must open the script itself`() {
    for opens in [true, false] {
      var list = EventList()
      list.main(100, "main.py")
      list.forkserver(100, 101, at: "/tmp/s")
      list.open(101, "/w/main.py", times: 3)
      list.open(101, Stacks.forkserverModule)
      list.open(101, "/dev/null")
      list.connect(100, "/tmp/s")
      list.fork(101, 102)
      if opens { list.open(102, "/w/main.py", times: 3) }
      // The text of a program that has caught the error inside of its script.
      list.write(
        102, to: 2, "RuntimeError: An attempt has been made to start a new process before the")
      list.exit(102, .status(1))
      #expect(list.findings.map(\.certainty) == (opens ? [.likely] : []))
    }
  }

  @Test(arguments: [true, false])
  func `where stacks can be read, a text counts only if the interpreter itself prints it`(
    isUncaught: Bool
  ) {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    let stack = isUncaught ? Stacks.read([]) : Stacks.read([Stacks.main(2)], Stacks.boot())
    list.write(101, to: 2, Self.traceback, stack: stack)
    #expect(list.findings.map(\.certainty) == (isUncaught ? [.guess] : []))
  }

  @Test func `a whole traceback alone shows that the script was run again`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, Stacks.spawnModule)
    list.write(101, to: 2, Self.traceback)
    let finding = try #require(list.findings.first)
    #expect(finding.certainty == .guess && finding.script?.path == "/w/main.py")
  }

  @Test func `up to 3.7 a second tracker stands for the probe; a worker's worker for a refusal`() {
    var list = worker()
    list.open(101, Stacks.spawnModule)
    list.resourceTracker(101, 102)
    list.exit(101, .status(1))
    #expect(list.findings.map(\.certainty) == [.likely])
    list = worker()
    list.open(101, Stacks.spawnModule)
    list.spawnWorker(101, 102)
    #expect(list.findings.map(\.certainty) == [.likely])
  }

  /// Up to 3.7, when the worker has opened the starter for a connection before the tracker's execve.
  @Test func `a tracker that a lock has started before isn't a start's, however late it comes`() {
    var list = worker()
    list.fork(101, 102)
    list.open(101, Stacks.spawnModule)
    list.python(102, "-c", "from multiprocessing.semaphore_tracker import main;main(5)")
    list.open(101, "/dev/null")
    list.exit(101)
    #expect(list.findings.isEmpty)
  }

  @Test func `either rule can be switched off`() {
    var list = worker()
    list.open(
      101, Stacks.spawnModule,
      stack: Stacks.read(Stacks.start(), [Stacks.main(6)], Stacks.boot()))
    list.write(101, to: 2, Self.traceback)
    func certainties(_ evidence: Evidence) -> [Certainty] {
      var analysis = RunAnalysis(limits: Limits(maxProcesses: 9), evidence: evidence)
      return list.events.flatMap { analysis.observe($0) }.map(\.certainty)
    }
    #expect(certainties(.stacks) == [.proven])
    // The stacks show that the traceback's frames belong to the same start.
    #expect(certainties(.all) == [.proven])
    list = worker()
    list.open(101, Stacks.spawnModule)
    list.write(101, to: 2, Self.traceback)
    #expect(certainties(.systemCalls) == [.likely])
    #expect(certainties(.stacks).isEmpty)
  }
}
