import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// ST104 and ST105: programs that start themselves again.
struct RepeatTests {
  private static func statement(_ path: String, _ line: Int) -> StackReading {
    Stacks.read([
      Stacks.frame(Stacks.library + "/subprocess.py", 1955, "_execute_child"),
      Stacks.frame(path, line, "<module>", module: "__main__"),
    ])
  }

  /// A chain of so many processes, each of which runs the next script of `scripts`.
  private func chain(
    _ count: Int32, _ scripts: [String] = ["main.py"],
    change: (inout EventList, Int32) -> Void = { _, _ in }
  ) -> EventList {
    var list = EventList()
    list.launch(100)
    list.python(100, scripts[0])
    for index in 1..<count {
      let parent = "/w/" + scripts[Int(index - 1) % scripts.count]
      list.fork(99 + index, 100 + index, by: .vfork, stack: Self.statement(parent, 7))
      change(&list, index)
      list.python(100 + index, scripts[Int(index) % scripts.count])
    }
    return list
  }

  /// A chain of so many processes that each start the next one, with another argument, and end.
  private func detached(_ count: Int32, endsAfter delay: Int32 = 1) -> EventList {
    var list = EventList()
    list.launch(100)
    list.python(100, "main.py", "0")
    for index in 1..<count {
      list.fork(99 + index, 100 + index, by: .vfork, stack: Self.statement("/w/main.py", 7))
      list.python(100 + index, "main.py", "\(index)")
      if index >= delay { list.exit(100 + index - delay) }
    }
    return list
  }

  // MARK: ST104

  @Test func `a chain that lives on after the command is a guess if its arguments change`() throws {
    #expect(detached(10).findings.isEmpty)
    let (report, announced) = detached(20).run()
    #expect(announced.map(\.certainty) == [.guess])
    let finding = try #require(report.findings.first)
    #expect(finding.rule == .subprocessCycle && finding.severity == .note)
    #expect(report.verdict == "healthy")
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == 7)
    #expect(finding.occurrences == 20)
    #expect(finding.title == "main.py goes on starting itself after the command has ended")
  }

  @Test func `a recursion whose processes live is no chain`() {
    #expect(detached(20, endsAfter: 3).findings.isEmpty)
  }

  @Test func `no program may repeat ten times: the tenth repeat is the proof`() throws {
    #expect(chain(10).findings.isEmpty)
    let (report, announced) = chain(11).run()
    #expect(announced.map(\.rule) == [.subprocessCycle])
    let finding = try #require(report.findings.first)
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == 7)
    #expect(finding.script?.path == "/w/main.py")
    #expect(finding.title == "main.py starts itself, again and again")
    #expect(finding.processes.count == 11)
  }

  @Test func `a log may not tell the environment: the finding says so`() throws {
    var list = EventList()
    list.environment = nil
    list.launch(100)
    for _ in 0..<11 { list.python(100, "main.py") }
    let (report, _) = list.run()
    let finding = try #require(report.findings.first)
    let notes = Diagnostic(finding, in: report).notes.map { "\($0)" }.joined()
    #expect(finding.rule == .selfExecLoop && notes.contains("the same each time; the environment"))
  }

  @Test func `it is reported once, and counted`() {
    let (report, announced) = chain(20).run()
    #expect(announced.count == 1)
    #expect(report.findings.first?.occurrences == 20)
  }

  @Test func `through others: the first one is named, and where it starts the next`() throws {
    let finding = try #require(chain(40, ["a.py", "b.py", "c.py"]).findings.first)
    #expect(finding.script?.path == "/w/a.py")
    #expect(finding.culprit?.path == "/w/a.py")
    #expect(finding.title == "a.py starts itself through b.py")
    guard case .repeats(let repeats) = finding.detail else {
      Issue.record("no round")
      return
    }
    #expect(repeats.round.map { $0.site?.path } == ["/w/a.py", "/w/b.py", "/w/c.py"])
  }

  /// A forked worker's stack has its parent's frames outside of its own.
  @Test func `a round is one fault wherever it is entered`() throws {
    let identities = try [["a.py", "b.py", "c.py"], ["c.py", "a.py", "b.py"]].map {
      try #require(chain(40, $0).findings.first).identity
    }
    #expect(identities[0].places.map(\.path) == ["/w/a.py", "/w/b.py", "/w/c.py"])
    #expect(identities[0] == identities[1])
    #expect(try #require(chain(11).findings.first).identity.places.map(\.path).count == 2)
  }

  @Test func `a worker in between isn't the culprit's, nor is the copy of its parent's stack`()
    throws
  {
    var list = EventList()
    list.launch(100)
    list.python(100, "main.py")
    let start = [
      Stacks.frame(Stacks.library + "/multiprocessing/popen_fork.py", 66, "_launch"),
      Stacks.frame(Stacks.library + "/multiprocessing/process.py", 121, "start"),
      Stacks.frame("/w/main.py", 13, "<module>", module: "__main__"),
    ]
    let work = [
      Stacks.frame(Stacks.library + "/subprocess.py", 1955, "_execute_child"),
      Stacks.frame("/w/main.py", 5, "work", module: "__main__"),
      Stacks.frame(Stacks.library + "/multiprocessing/process.py", 314, "_bootstrap"),
    ]
    for index in Int32(1)..<12 {
      list.fork(98 + 2 * index, 99 + 2 * index, stack: Stacks.read(start))
      list.fork(99 + 2 * index, 100 + 2 * index, by: .vfork, stack: Stacks.read(work + start))
      list.python(100 + 2 * index, "main.py")
    }
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .subprocessCycle)
    #expect(finding.culprit?.line == 5 && finding.callSite?.line == 5)
    #expect(finding.title == "main.py starts itself, again and again")
  }

  @Test func `the first one's environment may be another: it is still the one that is named`()
    throws
  {
    var list = EventList()
    list.launch(100)
    list.python(100, "a.py")
    list.environment = EnvironmentDigest(entries: ["COUNTER=/tmp/x"])
    for index in Int32(1)..<30 {
      let parent = index % 2 == 1 ? "/w/a.py" : "/w/b.py"
      list.fork(99 + index, 100 + index, by: .vfork, stack: Self.statement(parent, 7))
      list.python(100 + index, index % 2 == 1 ? "b.py" : "a.py")
    }
    #expect(list.findings.first?.culprit?.path == "/w/a.py")
  }

  @Test func `through a shell it is the same`() throws {
    let list = chain(11) { list, index in
      list.execute(100 + index, "/bin/sh", ["sh", "-c", "python main.py"])
    }
    #expect(list.findings.first?.rule == .subprocessCycle)
  }

  @Test func `two names of one file are one script`() {
    var list = EventList()
    list.launch(100)
    let identity = EventList.identity(of: "/w/real.py")
    for index in Int32(0)..<11 {
      if index > 0 {
        list.fork(99 + index, 100 + index, by: .vfork, stack: Self.statement("/w/real.py", 8))
      }
      let name = index % 2 == 0 ? "real.py" : "alias.py"
      list.execute(
        100 + index, "/usr/bin/python3.13", ["python", name],
        script: ScriptFile(path: "/w/" + name, identity: identity))
    }
    #expect(list.findings.first?.title == "real.py starts itself, again and again")
  }

  @Test func `another environment, other arguments, another folder each time aren't a cycle`() {
    let environments = chain(30) { list, index in
      list.environment = EnvironmentDigest(entries: ["LEVEL=\(index)"])
    }
    #expect(environments.findings.isEmpty)
    #expect(chain(30) { list, index in list.directory = "/w/\(index)" }.findings.isEmpty)
    var list = EventList()
    list.launch(100)
    for index in Int32(0)..<30 {
      if index > 0 { list.fork(99 + index, 100 + index, by: .vfork) }
      list.python(100 + index, "main.py", "\(index)")
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `siblings never count`() {
    var list = EventList()
    list.main(100, "main.py")
    for child in Int32(101)...300 {
      list.fork(100, child, by: .vfork)
      list.python(child, "main.py")
      list.exit(child)
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `workers aren't programs of their own`() {
    var list = EventList()
    list.main(100, "main.py")
    for child in Int32(101)...105 {
      list.spawnWorker(child - 1, child)
      list.open(child, "/w/main.py", times: 3)
      list.open(child, "/dev/null")
    }
    #expect(list.findings.isEmpty)
  }

  // MARK: ST105

  /// One process that executes each of the scripts in turn, so many times.
  private func executions(_ count: Int, _ scripts: [String] = ["main.py"]) -> EventList {
    var list = EventList()
    list.launch(100)
    list.python(100, scripts[0])
    for index in 1..<count {
      let before = "/w/" + scripts[(index - 1) % scripts.count]
      list.python(
        100, scripts[index % scripts.count],
        stack: Stacks.read([Stacks.frame(before, 9, "<module>", module: "__main__")]))
    }
    return list
  }

  @Test func `the tenth time is the proof, with the line that executes`() throws {
    #expect(executions(10).findings.isEmpty)
    let finding = try #require(executions(11).findings.first)
    #expect(finding.rule == .selfExecLoop)
    #expect(finding.culprit?.line == 9)
    #expect(finding.title == "main.py replaces itself, again and again")
    #expect(finding.python == Stacks.version)
  }

  @Test func `by way of another script: the first one's line`() throws {
    let finding = try #require(executions(30, ["a.py", "b.py"]).findings.first)
    #expect(finding.culprit?.path == "/w/a.py")
    #expect(finding.title == "a.py replaces itself through b.py, again and again")
  }

  @Test func `once with another environment is a habit`() {
    var list = EventList()
    list.launch(100)
    for round in 0..<30 {
      list.environment = EnvironmentDigest(entries: ["ROUND=\(round)"])
      list.python(100, "main.py")
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `different processes that execute it once each aren't a loop`() {
    var list = EventList()
    list.main(100, "main.py")
    for child in Int32(101)...150 {
      list.fork(100, child)
      list.python(child, "tool.py")
      list.python(child, "tool.py")
      list.exit(child)
    }
    #expect(list.findings.isEmpty)
  }
}
