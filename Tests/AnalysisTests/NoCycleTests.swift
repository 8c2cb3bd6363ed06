import Analysis
import TestSupport
import Testing
import TraceModel

/// Runs that open the same files, or have the same frames, and aren't a cycle.
struct NoCycleTests {
  private func worker(_ stack: StackReading?) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    list.open(101, Stacks.spawnModule, stack: stack)
    return list
  }

  @Test func `a pipe among the arguments: unpickling it needs the module, and starts nothing`() {
    let list = worker(
      Stacks.read(
        Stacks.importing,
        [
          Stacks.frame(Stacks.library + "/multiprocessing/context.py", 311, "get_spawning_popen"),
          Stacks.frame(Stacks.library + "/multiprocessing/reduction.py", 202, "DupFd"),
        ], Stacks.spawnMain()))
    #expect(list.findings.isEmpty)
    #expect(list.records[1].startAttempt.isEmpty)
  }

  @Test func `the script imports the module itself, while it is run again`() {
    let list = worker(Stacks.read(Stacks.importing, [Stacks.main(2)], Stacks.boot()))
    #expect(list.findings.isEmpty)
  }

  @Test func `functions of the user's with the same names, in files with the same names`() {
    let frames = [
      Stacks.frame("/w/process.py", 3, "start"), Stacks.frame("/w/context.py", 3, "_Popen"),
      Stacks.frame("/w/process.py", 3, "_Popen"),
    ]
    let list = worker(Stacks.read(Stacks.importing, frames, [Stacks.main(2)], Stacks.boot()))
    #expect(list.findings.isEmpty)
  }

  @Test func `a start after the boot window: a worker's target may start workers of its own`() {
    let work = Stacks.frame("/w/main.py", 12, "work")
    let list = worker(Stacks.read(Stacks.pool, [work], Stacks.target))
    #expect(list.findings.isEmpty)
    #expect(list.records[1].startAttempt == [work])
  }

  @Test func `a preparation inside of the start isn't one that contains the start`() {
    let list = worker(
      Stacks.read(
        [Stacks.frame(Stacks.library + "/multiprocessing/spawn.py", 297, "_fixup_main_from_path")],
        Stacks.start(), [Stacks.frame("/w/helper.py", 2, "<module>", module: "helper")]))
    #expect(list.findings.isEmpty)
  }

  @Test func `a function of that name that isn't multiprocessing's`() {
    let list = worker(
      Stacks.read(
        Stacks.start(), [Stacks.frame("/w/helper.py", 2, "<module>", module: "helper")],
        [Stacks.frame("/w/spawn.py", 1, "_fixup_main_from_path")], Stacks.spawnMain()))
    #expect(list.findings.isEmpty)
  }

  @Test
  func `fork pools at the margin of the script: no module is opened that starts a worker anew`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    for child in Int32(102)...105 {
      list.fork(101, child)
      list.exit(child)
    }
    #expect(list.findings.isEmpty)
    #expect(list.run().report.verdict == "healthy")
  }

  @Test func `a traceback is printed, which opens files once more`() {
    var list = worker(nil)
    list.open(101, "/w/main.py", times: 4)
    list.open(101, Stacks.library + "/multiprocessing/spawn.py")
    list.exit(101, .status(1))
    #expect(list.findings.isEmpty)
  }

  @Test func `a stack that could not be read proves nothing`() {
    #expect(worker(.unreadable("no offsets for CPython 3.17")).findings.isEmpty)
    #expect(worker(Stacks.read([])).findings.isEmpty)
  }

  @Test func `the main script's own start, which is remembered with the user's frames`() {
    var list = EventList()
    list.main(100, "main.py")
    let call = Stacks.frame("thing.py", 10, "dothing")
    let main = Stacks.frame("/w/main.py", 6, "<module>", module: "__main__")
    list.open(100, Stacks.spawnModule, stack: Stacks.read(Stacks.pool, [call, main]))
    list.open(100, Stacks.forkserverModule, stack: Stacks.read(Stacks.start(), [main]))
    // The first start has launched no worker.
    #expect(list.findings.map(\.rule) == [.unpicklableTarget])
    // The first of them, absolute.
    #expect(list.records[0].startAttempt.map(\.path) == ["/w/thing.py", "/w/main.py"])
  }

  @Test func `a stack with a cycle in an unknown process`() {
    var list = EventList()
    list.main(100, "main.py")
    list.open(
      999, Stacks.spawnModule, stack: Stacks.read(Stacks.start(), [Stacks.main(6)], Stacks.boot()))
    #expect(list.findings.isEmpty)
  }
}
