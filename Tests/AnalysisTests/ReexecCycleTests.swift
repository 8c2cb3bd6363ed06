import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// Stacks that prove a cycle, each from the first event of a run to the finding.
struct ReexecCycleTests {
  /// A script with one spawn worker, which opens a starter with this stack.
  private func run(
    _ stack: StackReading, opening path: String = Stacks.spawnModule
  ) throws -> (finding: Finding, list: EventList) {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    list.open(101, path, stack: stack)
    let findings = list.findings
    try #require(findings.count == 1)
    return (findings[0], list)
  }

  @Test func `process.start() of an unguarded script: everything that is reported`() throws {
    let main = Stacks.main(6, "p.start()")
    let (finding, list) = try run(Stacks.read(Stacks.start(), [main], Stacks.boot()))
    #expect(finding.rule == .reexecCycle)
    #expect(finding.certainty == .proven)
    #expect(finding.consequence == .contained)
    #expect(finding.title == "main.py is run again by each worker that it starts")
    #expect(finding.script?.path == "/w/main.py")
    #expect(finding.script?.runsAs == "__mp_main__")
    #expect(finding.script?.identity == EventList.identity(of: "/w/main.py"))
    #expect(finding.culprit?.path == "/w/main.py")
    #expect(finding.culprit?.line == 6)
    #expect(finding.culprit?.function == "<module>")
    #expect(finding.culprit?.source?.line == "p.start()")
    #expect(finding.callSite == finding.culprit)
    #expect(finding.startMethod == .spawn)
    #expect(finding.python == Stacks.version)
    #expect(finding.processes == [2])
    #expect(finding.provenByEvent == list.events.last?.sequence)
    #expect(finding.provenAt == list.events.last?.time)
    #expect(finding.stack == Stacks.start() + [main] + Stacks.boot())
    #expect(list.run().report.verdict == "reexec-cycle")
  }

  @Test(arguments: [
    (Stacks.start(), Consequence.contained), (Stacks.pool, .respawning),
    (Stacks.executor, .contained), (Stacks.manager, .contained),
  ])
  func `each way to ask for the worker`(start: [PythonFrame], consequence: Consequence) throws {
    let helper = Stacks.frame("/w/thing.py", 10, "dothing", source: "with ctx.Pool(4) as pool:")
    let (finding, _) = try run(Stacks.read(start, [helper, Stacks.main(6)], Stacks.boot()))
    #expect(finding.culprit?.line == 6)
    #expect(finding.callSite?.path == "/w/thing.py")
    #expect(finding.callSite?.line == 10)
    #expect(finding.callSite?.function == "dothing")
    #expect(finding.consequence == consequence)
  }

  @Test func `under unittest the error is swallowed, whatever was started`() throws {
    let test = Stacks.frame("/w/test_thing.py", 8, "test_dothing")
    let (finding, _) = try run(
      Stacks.read(Stacks.pool, [test], Stacks.unittest, [Stacks.main(6)], Stacks.boot()))
    #expect(finding.consequence == .masked)
    #expect(finding.culprit?.line == 6)
    #expect(finding.callSite?.function == "test_dothing")
  }

  @Test(arguments: ["_fixup_main_from_path", "_fixup_main_from_name", "import_main_path"])
  func `each function that runs the main module again`(function: String) throws {
    let (finding, _) = try run(
      Stacks.read(Stacks.start(), [Stacks.main(6)], Stacks.boot(by: function)))
    #expect(finding.culprit?.line == 6)
  }

  @Test(arguments: [
    "/usr/lib/python3.13/multiprocessing", "/w/.venv/lib/python3.13/site-packages/multiprocess",
    "/w/.venv/lib/python3.13/site-packages/billiard",
  ])
  func `each package of that kind, by its own frames`(folder: String) throws {
    let stack = Stacks.read(Stacks.start(folder), [Stacks.main(6)], Stacks.boot(folder))
    for path in ["/popen_spawn_posix.py", "/__pycache__/popen_spawn_posix.cpython-313.pyc"] {
      let (finding, _) = try run(stack, opening: folder + path)
      #expect(finding.culprit?.line == 6)
      #expect(finding.culprit?.path == "/w/main.py")
    }
  }

  @Test func `a cached standard library that was compiled elsewhere`() throws {
    let folder = "build/Lib/multiprocessing"
    let (finding, _) = try run(
      Stacks.read(Stacks.start(folder), [Stacks.main(6)], Stacks.boot(folder)),
      opening: "/usr/lib/python3.13/multiprocessing/__pycache__/popen_spawn_posix.cpython-313.pyc")
    #expect(finding.culprit?.path == "/w/main.py")
  }

  @Test func `a forkserver that prepares the script for its workers`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.open(101, "/w/main.py", times: 3)
    list.open(
      101, Stacks.forkserverModule,
      stack: Stacks.read(
        Stacks.pool, [Stacks.main(6)], Stacks.boot(by: "import_main_path").dropLast(2)))
    let finding = try #require(list.findings.first)
    #expect(finding.startMethod == .forkserver)
    #expect(finding.processes == [2])
    #expect(finding.consequence == .contained)
    #expect(finding.script?.path == "/w/main.py")
  }

  @Test func `a forkserver's worker that prepares itself`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.connect(100, "/tmp/s")
    list.fork(101, 102)
    list.open(
      102, Stacks.forkserverModule,
      stack: Stacks.read(Stacks.pool, [Stacks.main(6)], Stacks.boot()))
    let finding = try #require(list.findings.first)
    #expect(finding.startMethod == .forkserver)
    #expect(finding.processes == [3])
    #expect(finding.consequence == .respawning)
  }

  @Test func `a worker of a worker shows it, too`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    list.spawnWorker(101, 102)
    list.open(
      102, Stacks.spawnModule,
      stack: Stacks.read(Stacks.start(), [Stacks.main(6)], Stacks.boot()))
    #expect(try #require(list.findings.first).processes == [3])
  }
}
