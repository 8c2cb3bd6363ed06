import Testing
import TraceModel

@testable import Multiprocessing

/// The state of a process: one definition, for the tracer, strace's logs and the analysis.
struct ProcessStateTests {
  private static let spawn = [
    "python", "-c", "from multiprocessing.spawn import spawn_main; spawn_main(pipe_handle=8)",
    "--multiprocessing-fork",
  ]
  private static let server = [
    "python", "-c", "from multiprocessing.forkserver import main; main(7, 8, ['__main__'])",
  ]
  private static let tracker = [
    "python", "-c", "from multiprocessing.resource_tracker import main;main(5)",
  ]
  private static let loky = ["python", "-m", "joblib.externals.loky.backend.popen_loky_posix"]

  private func state(
    _ arguments: [String], _ executable: String = "/usr/bin/python3.13",
    after before: ProcessState = ProcessState()
  ) -> ProcessState {
    var state = before
    state.executed(Program(executable: executable), WorkerCommand(arguments))
    return state
  }

  @Test func `a worker is in its boot window until it opens the null device`() {
    for arguments in [Self.spawn, Self.server, Self.loky] {
      var worker = state(arguments)
      #expect(worker.isBooting && worker.isPython && worker.belongsToWorker, "\(arguments)")
      worker.opened(.program)
      worker.opened(nil)
      #expect(worker.isBooting, "\(arguments)")
      worker.opened(.endOfBoot)
      #expect(!worker.isBooting && worker.belongsToWorker, "\(arguments)")
    }
    #expect(!state(Self.tracker).isBooting && !state(Self.tracker).belongsToWorker)
  }

  @Test func `start methods and roles of what a command line says`() {
    #expect(state(Self.spawn).role == .spawnWorker && state(Self.spawn).startMethod == .spawn)
    #expect(state(Self.loky).role == .spawnWorker && state(Self.loky).startMethod == .loky)
    #expect(state(Self.server).role == .forkserver && state(Self.server).startMethod == nil)
    #expect(state(Self.tracker).role == .resourceTracker)
  }

  @Test func `the first Python below shells is the main program, and one below it a subprocess`() {
    let shell = state(["sh", "-c", "python a.py"], "/bin/sh")
    #expect(shell.role == .shell && !shell.isPython)
    let main = state(["python", "a.py"], after: shell.forked(by: .fork))
    #expect(main.role == .main && main.isPython)
    #expect(state(["python", "a.py"], after: main).role == .main, "it replaces itself")
    let below = state(["sh"], "/bin/sh", after: main.forked(by: .vfork))
    #expect(below.role == .shell)
    #expect(state(["python", "b.py"], after: below.forked(by: .fork)).role == .subprocess)
    #expect(state(["ls"], "/bin/ls", after: main.forked(by: .vfork)).role == .other)
  }

  @Test func `a forkserver forks workers that boot, but for what it starts as programs`() {
    let server = state(Self.server)
    let worker = server.forked(by: .fork)
    #expect(worker.role == .forkserverWorker && worker.isBooting && worker.isForked)
    #expect(worker.startMethod == .forkserver && worker.belongsToWorker)
    #expect(server.forked(by: .vfork).role == .forkWorker)
    let own = server.forked(by: .fork, isServersOwn: true)
    #expect(own.role == .forkWorker && !own.isBooting)
  }

  @Test func `a forked child is ready, whatever its parent is`() {
    let worker = state(Self.spawn)
    let child = worker.forked(by: .fork)
    #expect(child.role == .forkWorker && child.startMethod == .fork && child.isForked)
    #expect(!child.isBooting && child.belongsToWorker)
    #expect(!state(["python", "a.py"]).forked(by: .fork).belongsToWorker)
    #expect(state(["ls"], "/bin/ls").forked(by: .fork).role == .other)
  }

  @Test func `an executed program has nothing of the worker before it`() {
    let program = state(["ls"], "/bin/ls", after: state(Self.spawn).forked(by: .fork))
    #expect(!program.isPython && !program.isBooting && !program.belongsToWorker)
    #expect(!program.isForked && program.startMethod == nil)
  }

  @Test func `a worker of another executable is Python by its command line`() {
    let frozen = state(
      ["app", "--multiprocessing-fork", "tracker_fd=5", "pipe_handle=7"], "/w/dist/app")
    #expect(frozen.isPython && frozen.role == .spawnWorker && frozen.isBooting)
  }
}
