import Analysis
import TestSupport
import Testing
import TraceModel

/// Frozen programs, whose executable is its own worker and tracker.
struct FrozenProgramTests {
  private static let tracker = [
    Stacks.frame("multiprocessing/util.py", 445, "spawnv_passfds"),
    Stacks.frame("multiprocessing/resource_tracker.py", 161, "ensure_running"),
    Stacks.frame("multiprocessing/synchronize.py", 80, "__init__"),
    Stacks.frame("multiprocessing/context.py", 68, "Lock"),
  ]
  private static let serving = [
    Stacks.frame("multiprocessing/process.py", 108, "run"),
    Stacks.frame("multiprocessing/spawn.py", 122, "spawn_main"),
    Stacks.frame("multiprocessing/spawn.py", 84, "freeze_support"),
  ]

  private static func main(_ line: Int) -> PythonFrame {
    Stacks.frame("app.py", line, "<module>", module: "__main__")
  }

  private let program = "/opt/app/app"
  private let trackerText = "from multiprocessing.resource_tracker import main;main(5)"

  private func start(_ list: inout EventList, _ child: Int32, _ arguments: String...) {
    list.execute(child, program, [program] + arguments)
  }

  /// The program, and its tracker with what that shows when it starts a process.
  private func tracker(_ stack: StackReading?, mainStack: StackReading? = nil) -> EventList {
    var list = EventList()
    list.launch(100)
    list.execute(100, program, [program])
    list.fork(100, 101, by: .vfork)
    start(&list, 101, "-B", "-c", trackerText)
    list.fork(101, 102, by: .vfork, stack: stack, mainStack: mainStack)
    start(&list, 102, "-B", "-c", "from multiprocessing.resource_tracker import main;main(7)")
    return list
  }

  @Test func `a tracker that runs main and starts a tracker is the proof`() throws {
    let finding = try #require(
      tracker(Stacks.read(Self.tracker, [Self.main(4)])).findings.first)
    #expect(finding.rule == .reexecCycle && finding.certainty == .proven)
    #expect(finding.cycle == .executable(.resourceTracker))
    #expect(finding.culprit?.path == "app.py" && finding.culprit?.line == 4)
    #expect(finding.script?.runsAs == "__main__")
    #expect(finding.processes == [2])
  }

  @Test
  func `an interpreter's worker whose main module is the library's own runs no program again`() {
    let module = "/usr/lib/python3.13/site-packages/loky/backend/popen_loky_posix.py"
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "loky.backend.popen_loky_posix", "--process-name", "a", "--pipe", "14")
    list.fork(
      101, 102, by: .vfork,
      stack: Stacks.read(
        Self.tracker,
        [
          Stacks.frame("/w/main.py", 3, "work"),
          Stacks.frame(module, 180, "<module>", module: "__main__"),
        ]))
    list.python(102, "-B", "-c", "from loky.backend.resource_tracker import main; main(7, False)")
    #expect(list.findings.isEmpty)
  }

  @Test func `loky's worker that imports main, and is refused a start there, is a cycle of main's`()
    throws
  {
    let loky = "/usr/lib/python3.13/site-packages/loky/backend"
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "-m", "loky.backend.popen_loky_posix", "--process-name", "a", "--pipe", "14")
    list.open(101, "/w/main.py", times: 3)
    list.write(
      101, to: 6, "PROBE:0:noop\n",
      stack: Stacks.read([
        Stacks.frame(loky + "/resource_tracker.py", 90, "ensure_running"),
        Stacks.frame(loky + "/popen_loky_posix.py", 99, "_launch"),
        Stacks.frame(loky + "/process.py", 45, "_Popen"),
        Stacks.frame("/usr/lib/python3.13/multiprocessing/process.py", 121, "start"),
        Stacks.frame("/w/main.py", 10, "<module>", module: "__mp_main__"),
        Stacks.frame(loky + "/spawn.py", 242, "_fixup_main_from_path"),
        Stacks.frame(loky + "/popen_loky_posix.py", 175, "<module>", module: "__main__"),
      ]))
    let finding = try #require(list.findings.first)
    #expect(finding.rule == .reexecCycle && finding.certainty == .proven)
    #expect(finding.culprit?.path == "/w/main.py" && finding.culprit?.line == 10)
    #expect(finding.startMethod == .loky && finding.script?.runsAs == "__mp_main__")
  }

  @Test func `a worker that runs main and starts a worker is the proof`() throws {
    var list = EventList()
    list.launch(100)
    list.execute(100, program, [program])
    list.fork(100, 101, by: .vfork)
    start(&list, 101, "--multiprocessing-fork", "tracker_fd=6", "pipe_handle=13")
    let service = Stacks.frame("service.py", 9, "begin")
    list.fork(101, 102, by: .vfork, stack: Stacks.read(Self.tracker, [service, Self.main(7)]))
    let finding = try #require(list.findings.first)
    #expect(finding.culprit?.line == 7 && finding.callSite?.path == "service.py")
    #expect(finding.startMethod == .spawn)
    // All processes of the program are one fault.
    list.fork(101, 103, by: .vfork, stack: Stacks.read(Self.tracker, [Self.main(3)]))
    #expect(list.findings.count == 1)
  }

  @Test func `a thread of a worker may start it`() throws {
    let thread = Stacks.read(Self.tracker, [Stacks.frame("service.py", 9, "begin")])
    let finding = try #require(
      tracker(thread, mainStack: Stacks.read([Self.main(4)])).findings.first)
    #expect(finding.culprit?.line == 4 && finding.callSite?.path == "service.py")
  }

  @Test func `a worker that serves its parent may start workers of its own`() {
    var list = EventList()
    list.launch(100)
    list.execute(100, program, [program])
    list.fork(100, 101, by: .vfork)
    start(&list, 101, "--multiprocessing-fork", "tracker_fd=6", "pipe_handle=13")
    let stack = Stacks.read(Stacks.start("multiprocessing"), Self.serving, [Self.main(3)])
    list.fork(101, 102, by: .vfork, stack: stack)
    start(&list, 102, "--multiprocessing-fork", "tracker_fd=6", "pipe_handle=17")
    #expect(list.findings.isEmpty)
  }

  @Test func `programs that main runs in a worker are no cycle`() {
    var list = EventList()
    list.launch(100)
    list.execute(100, program, [program])
    list.fork(100, 101, by: .vfork)
    start(&list, 101, "--multiprocessing-fork", "tracker_fd=6", "pipe_handle=13")
    let subprocess = Stacks.frame("subprocess.py", 1955, "_execute_child")
    list.fork(101, 102, by: .vfork, stack: Stacks.read([subprocess, Self.main(3)]))
    list.execute(102, "/usr/bin/git", ["git", "--version"])
    #expect(list.findings.isEmpty)
  }

  @Test func `without stacks a tracker that starts a tracker is likely`() throws {
    let finding = try #require(tracker(nil).findings.first)
    #expect(finding.certainty == .likely && finding.culprit?.line == nil)
    #expect(finding.cycle == .executable(.resourceTracker))
  }

  @Test func `a launcher that executes the program with its own command line is no cycle`() {
    var list = EventList()
    list.launch(100)
    list.execute(100, program, [program])
    list.fork(100, 101, by: .vfork)
    start(&list, 101, "-B", "-c", trackerText)
    list.fork(101, 102)
    list.execute(102, program, [program, "-B", "-c", trackerText])
    #expect(list.findings.isEmpty)
  }

  @Test func `an interpreter's tracker that is started again is none of them`() {
    var list = EventList()
    list.main(100, "main.py")
    list.resourceTracker(100, 101)
    list.spawnWorker(100, 102)
    list.resourceTracker(102, 103)
    #expect(list.findings.isEmpty)
  }
}
