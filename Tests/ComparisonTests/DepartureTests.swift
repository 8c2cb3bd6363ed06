import Comparison
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// What `Comparison` tells of two runs.
struct DepartureTests {
  private static func main(_ line: Int) -> PythonFrame {
    Runs.frame("/w/main.py", line, "work", source: "    pool = Pool(2)")
  }

  /// A script with two workers.
  private func workers(_ method: String, line: Int = 7, _ pids: [Int32] = [11, 12]) -> EventList {
    var list = EventList()
    list.main(10, "main.py")
    for pid in pids {
      let stack = Runs.asking(method, at: Self.main(line))
      if method == "fork" {
        list.fork(10, pid, stack: stack)
      } else {
        list.spawnWorker(10, pid, stack: stack)
        list.open(pid, "/w/main.py", times: 3)
        list.open(pid, "/dev/null")
      }
    }
    return list
  }

  private func ended(_ list: EventList, status: Int32 = 0) -> EventList {
    var list = list
    list.exit(10, .status(status))
    return list
  }

  @Test func `the number and the order of equal workers and moved lines are no difference`() {
    var two = workers("spawn_posix", [21, 22, 23, 24])
    two.fork(10, 30, by: .vfork, stack: Runs.running(at: Self.main(9)))
    two.execute(30, "/bin/true", ["true"])
    var one = EventList()
    one.main(10, "main.py")
    one.fork(10, 15, by: .vfork, stack: Runs.running(at: Self.main(39)))
    one.execute(15, "/bin/true", ["true"])
    one.spawnWorker(10, 11, stack: Runs.asking("spawn_posix", at: Self.main(37)))
    one.open(11, "/w/main.py", times: 3)
    #expect(Runs.differences(Runs.run(ended(one)), Runs.run(ended(two))).isEmpty)
    #expect(Runs.differences(Runs.run(ended(two)), Runs.run(ended(one))).isEmpty)
  }

  @Test func `another start method comes first`() throws {
    let differences = Runs.differences(
      Runs.run(ended(workers("fork"))), Runs.run(ended(workers("spawn_posix"), status: 1)))
    #expect(differences.map(\.kind) == [.startMethod, .exit])
    let first = try #require(differences.first)
    #expect(first.title.text == "spawn, not fork, starts the workers of /w/main.py")
    #expect(first.place?.line == 7 && first.badProcesses == [2, 3])
    #expect(first.help?.text.contains("get_context(\"fork\")") == true)
  }

  @Test func `a statement that workers execute only in the bad run is a lost guard`() throws {
    var bad = workers("spawn_posix")
    bad.open(11, "/w/main.py", times: 3)
    let stack = Runs.stack(
      Runs.frame("/usr/lib/python3.13/multiprocessing/process.py", 121, "start"),
      Runs.frame("/w/main.py", 7, "work", source: "    pool = Pool(2)"),
      Runs.frame("/w/main.py", 9, module: "__mp_main__", source: "work()"),
      Runs.frame("<frozen runpy>", 88, "_run_code"),
      Runs.frame("/usr/lib/python3.13/multiprocessing/spawn.py", 297, "_fixup_main_from_path"),
      Runs.frame("/usr/lib/python3.13/multiprocessing/spawn.py", 122, "spawn_main"))
    var cycle = EventList()
    cycle.main(10, "main.py")
    cycle.spawnWorker(10, 11, stack: Runs.asking("spawn_posix", at: Self.main(7)))
    cycle.open(11, "/w/main.py", times: 3)
    cycle.open(
      11, "/usr/lib/python3.13/multiprocessing/popen_spawn_posix.py", stack: stack)
    let differences = Runs.differences(
      Runs.run(ended(workers("spawn_posix"))), Runs.run(cycle, isStopped: true))
    let first = try #require(differences.first)
    #expect(first.kind == .lostGuard && first.place?.line == 9)
    #expect(differences.map(\.kind) == [.lostGuard, .finding, .exit])
  }

  @Test func `a module that starts a process when it is imported`() throws {
    var bad = workers("fork")
    bad.fork(
      10, 30, by: .vfork,
      stack: Runs.running(at: Runs.frame("/w/helper.py", 3, source: "run(['true'])"), Self.main(2)))
    bad.execute(30, "/bin/true", ["true"])
    let differences = Runs.differences(Runs.run(ended(workers("fork"))), Runs.run(ended(bad)))
    #expect(differences.map(\.kind) == [.importStartsProcess])
    #expect(differences.first?.place?.path == "/w/helper.py")
  }

  @Test func `a process that is started elsewhere is only one more, or one less`() {
    var bad = workers("fork")
    bad.fork(10, 30, by: .vfork, stack: Runs.running(at: Self.main(9)))
    bad.execute(30, "/bin/true", ["true"])
    let (one, other) = (Runs.run(ended(workers("fork"))), Runs.run(ended(bad)))
    #expect(Runs.differences(one, other).map(\.kind) == [.addedProcess])
    #expect(Runs.differences(other, one).map(\.kind) == [.missingProcess])
  }

  @Test func `what a run that was ended has not reached isn't missing in it`() {
    var good = workers("fork")
    good.fork(10, 30, by: .vfork, stack: Runs.running(at: Self.main(9)))
    good.execute(30, "/bin/true", ["true"])
    let differences = Runs.differences(
      Runs.run(ended(good)), Runs.run(workers("fork"), isStopped: true))
    #expect(differences.map(\.kind) == [.exit])
  }

  @Test func `another interpreter is told once for all that run by it`() {
    func run(_ interpreter: String) -> ComparedRun {
      var list = EventList()
      list.interpreter = interpreter
      list.main(10, "main.py")
      list.fork(10, 11, by: .vfork, stack: Runs.running(at: Self.main(9)))
      list.python(11, "child.py")
      return Runs.run(ended(list))
    }
    // No stack shows another version here.
    let differences = Runs.differences(run("/usr/bin/python3.8"), run("/usr/bin/python3.12"))
    #expect(differences.map(\.kind).allSatisfy { $0 == .interpreter })
  }

  @Test(arguments: [
    (["child.py", "--mode", "a"], ["child.py", "--mode", "b"], Difference.Kind.arguments),
    (["child.py"], ["other.py"], .program),
    (["child.py", "--jobs", "2"], ["child.py", "--jobs", "8"], .arguments),
    (
      ["child.py", "/tmp/pytest-of-me/pytest-1/a0"], ["child.py", "/tmp/pytest-of-me/pytest-2/b1"],
      nil
    ),
    (["child.py", "/tmp/tmpabcd1234"], ["child.py", "/tmp/tmpxyzw9876"], nil),
  ])
  func `children are compared by what they run`(
    good: [String], bad: [String], expected: Difference.Kind?
  ) {
    func run(_ arguments: [String]) -> ComparedRun {
      var list = EventList()
      list.main(10, "main.py")
      list.fork(10, 11, by: .vfork, stack: Runs.running(at: Self.main(9)))
      list.execute(
        11, "/usr/bin/python3.13", ["python"] + arguments,
        script: ScriptFile(path: "/w/" + arguments[0], identity: nil))
      return Runs.run(ended(list))
    }
    #expect(Runs.differences(run(good), run(bad)).map(\.kind) == [expected].compactMap { $0 })
  }

  @Test func `a failure of a child counts, a death that comes from outside doesn't`() {
    func run(_ end: Termination) -> ComparedRun {
      var list = EventList()
      list.main(10, "main.py")
      list.fork(10, 11, by: .vfork, stack: Runs.running(at: Self.main(9)))
      list.execute(11, "/bin/cat", ["cat"])
      list.exit(11, end)
      return Runs.run(ended(list))
    }
    #expect(Runs.differences(run(.status(0)), run(.status(2))).map(\.kind) == [.exit])
    #expect(Runs.differences(run(.status(0)), run(.signal(13))).isEmpty)
    #expect(Runs.differences(run(.signal(1)), run(.status(0))).isEmpty)
    #expect(Runs.differences(run(.status(0)), run(.signal(9))).map(\.kind) == [.exit])
  }

  @Test func `variables of the program count, those of the session don't`() throws {
    let list = ended(workers("fork"))
    let good = Runs.run(list, environment: ["MODE": "1111", "GITHUB_RUN_ID": "2222", "A": "3333"])
    let bad = Runs.run(list, environment: ["MODE": "4444", "GITHUB_RUN_ID": "5555", "B": "3333"])
    let comparison = Comparison(good: good, bad: bad)
    #expect(
      comparison.differences.map(\.title.text) == [
        "the variable `A` is not set in the bad run",
        "the variable `B` is set in the bad run alone",
        "the variable `MODE` has another value",
      ])
    #expect(comparison.sessionVariables == 1)
    // An old recording without hashes says nothing of them.
    #expect(Runs.differences(good, Runs.run(list, environment: [:])).isEmpty)
  }

  @Test func `a variable comes first where nothing else says why the method is another one`() {
    let good = Runs.run(ended(workers("fork")), environment: ["MODE": "1111"])
    let bad = Runs.run(ended(workers("spawn_posix")), environment: ["MODE": "4444"])
    #expect(Runs.differences(good, bad).map(\.kind) == [.environment, .startMethod])
    // Fork is the version's default.
    let comparison = Comparison(good: bad, bad: good)
    #expect(comparison.differences.map(\.kind) == [.startMethod, .environment])
    #expect(comparison.reasons.map(\.kind) == [.environment])
  }

  @Test func `a worker that starts something new has lost no guard`() {
    var bad = workers("spawn_posix")
    for pid: Int32 in [10, 11] {
      let module = pid == 10 ? "__main__" : "__mp_main__"
      bad.fork(
        pid, pid + 20, by: .vfork,
        stack: Runs.running(at: Runs.frame("/w/main.py", 2, module: module, source: "run(x)")))
      bad.execute(pid + 20, "/bin/true", ["true"])
    }
    let kinds = Runs.differences(
      Runs.run(ended(workers("spawn_posix"))), Runs.run(ended(bad))
    ).map(\.kind)
    #expect(Set(kinds) == [.addedProcess])
  }

  @Test func `numbered children may be more or fewer`() {
    func run(_ ranks: Range<Int32>) -> ComparedRun {
      var list = EventList()
      list.main(10, "main.py")
      for rank in ranks {
        list.fork(10, 20 + rank, by: .vfork, stack: Runs.running(at: Self.main(9)))
        list.python(20 + rank, "child.py", "--rank=\(rank)")
      }
      return Runs.run(ended(list))
    }
    for (one, other) in [(0..<2, 0..<4), (0..<1, 0..<4), (0..<4, 2..<3)]
      as [(Range<Int32>, Range<Int32>)]
    {
      #expect(Runs.differences(run(one), run(other)).isEmpty)
    }
  }

  @Test func `a worker that a Pool replaces is one of its workers`() {
    var replaced = workers("fork")
    replaced.fork(
      10, 19,
      stack: Runs.asking(
        "fork", at: Runs.frame("/usr/lib/python3.13/multiprocessing/pool.py", 346, "_maintain_pool")
      ))
    let (one, other) = (Runs.run(ended(workers("fork"))), Runs.run(ended(replaced)))
    #expect(Runs.differences(one, other).isEmpty && Runs.differences(other, one).isEmpty)
  }

  @Test func `some workers of a place are started by another method`() {
    var bad = workers("fork")
    bad.spawnWorker(10, 19, stack: Runs.asking("spawn_posix", at: Self.main(7)))
    let differences = Runs.differences(Runs.run(ended(workers("fork"))), Runs.run(ended(bad)))
    #expect(
      differences.map(\.title.text) == [
        "spawn, not fork, starts some of the workers of /w/main.py"
      ])
  }

  @Test func `a wrapper around the command is told, and what it runs is compared`() {
    var bad = EventList()
    bad.launch(10)
    bad.execute(10, "/usr/bin/timeout", ["timeout", "60", "python", "main.py"])
    bad.fork(10, 11)
    bad.python(11, "main.py")
    bad.open(11, "/w/main.py", times: 2)
    for pid: Int32 in [12, 13] { bad.fork(11, pid, stack: Runs.asking("fork", at: Self.main(7))) }
    bad.exit(11)
    bad.exit(10)
    let differences = Runs.differences(Runs.run(ended(workers("fork"))), Runs.run(bad))
    #expect(differences.map(\.title.text) == ["the command is run by timeout"])
  }

  @Test func `a few variables may decide a run, many are those of another machine`() {
    func run(_ count: Int, _ hash: String, status: Int32) -> ComparedRun {
      let variables = (0..<count).map { ("V\($0)", hash) }
      return Runs.run(
        ended(workers("fork"), status: status),
        environment: Dictionary(uniqueKeysWithValues: variables))
    }
    #expect(
      Runs.differences(run(2, "1111", status: 0), run(2, "2222", status: 1)).map(\.kind)
        == [.environment, .environment, .exit])
    #expect(
      Runs.differences(run(9, "1111", status: 0), run(9, "2222", status: 1)).first?.kind == .exit)
  }

  @Test func `a process that the other run's end is missing for is no difference`() {
    var bad = workers("fork")
    bad.fork(10, 30, by: .vfork, stack: Runs.running(at: Self.main(9)))
    bad.execute(30, "/bin/true", ["true"])
    let differences = Runs.differences(
      Runs.run(workers("fork"), isStopped: true), Runs.run(ended(bad)))
    #expect(differences.map(\.kind) == [.exit])
  }
}
