import Foundation
import TestSupport
import Testing

/// The end of the tree leaves no process behind, and no process notices that its tracer is gone.
struct PolicyTests {
  private static let stubborn = """
    import multiprocessing, os, signal, sys, time

    def work(): pass

    if __name__ == "__main__":
        reader, writer = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork():
                os._exit(0)
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            with open("daemon", "w") as file:
                file.write(str(os.getpid()))
            os.write(writer, b"x")
            while True:
                try:
                    os.close(os.open(__file__, os.O_RDONLY | os.O_CLOEXEC))
                except OSError as error:
                    with open("failed", "a") as log:
                        log.write(repr(error))
        os.wait()
        os.read(reader, 1)
        if os.fork() == 0:
            os.write(writer, b"x")
            os.kill(os.getpid(), signal.SIGSTOP)
        os.read(reader, 1)

    multiprocessing.get_context("spawn").Process(target=work).start()

    """

  @Test(arguments: ["notify", "trace"])
  func `a cycle with a daemon that ignores SIGTERM and a stopped child: all end, no call fails`(
    mechanism: String
  ) throws {
    let interpreter = try Interpreters.newest()
    let folder = try ScratchFolder()
    try folder.write("main.py", Self.stubborn)
    let run = try Traced.run(
      [interpreter.path, "main.py"], options: ["--mechanism=\(mechanism)"], in: folder.path)
    #expect(run.outcome.ending == "status 112")
    let daemon = try #require(folder.read("daemon").flatMap { Int($0) })
    #expect(!isAlive(daemon))
    let processes = try #require(run.report).processes
    try #require(!processes.isEmpty)
    for process in processes {
      #expect(process.pid.map(isAlive) == false, "\(process.role) \(process.pid ?? 0) is alive")
    }
    // Under a filter without its tracer a call fails with ENOSYS.
    #expect(folder.read("failed") == nil)
  }

  @Test func `without a filter it says that a cycle is found only by chance`() throws {
    let program = try SeedProgram()
    let run = try program.run(
      Interpreters.newest(), method: "spawn", options: ["--mechanism=events"])
    // The stack at the Pool's SIGTERM may prove the cycle, and nothing else ends the run.
    let found = try #require(run.report).findings
    #expect(run.outcome.ending == (found.isEmpty ? "status 0" : "status 112"))
    for finding in found {
      #expect(finding.rule == "ST101" && finding.certainty == "proven")
      #expect(finding.culprit?.line == SeedProgram.culprit)
    }
    #expect(run.outcome.standardError.contains("a re-execution cycle is found only by chance"))
    #expect(run.report?.trace.limitations.count == 1)
  }
}
