import TestSupport
import Testing

/// Workers stop at their exits, with all threads: each way to end must stay what it is.
struct ExitStopTests {
  private static let program = """
    import multiprocessing, os, signal, subprocess, sys, threading, time
    def threads():
        for _ in range(20):
            threading.Thread(target=time.sleep, args=(60,), daemon=True).start()
    def executes():
        threads()
        threading.Thread(target=os.execv, args=("/bin/true", ["true"])).start()
        time.sleep(60)
    def killed():
        threads()
        os.kill(os.getpid(), signal.SIGKILL)
    def runs():
        for _ in range(5):
            subprocess.call(["/bin/true"])
            os.system("true")
        process = subprocess.Popen(["sleep", "60"])
        process.kill()
        process.wait()
        threading.Thread(target=lambda: os._exit(4)).start()
        time.sleep(60)
    def forks():
        process = os.fork()
        if not process:
            os._exit(0)
        os.waitpid(process, 0)
    if __name__ == "__main__":
        context = multiprocessing.get_context(sys.argv[1])
        for i in range(5):
            workers = [context.Process(target=work) for work in (executes, killed, runs, forks)]
            for worker in workers:
                worker.start()
            for worker in workers:
                worker.join()
            codes = [worker.exitcode for worker in workers]
            assert codes[1:] == [-9, 4, 0], codes

    """

  @Test(
    arguments: ["fork", "spawn", "forkserver"],
    Interpreters.all.filter { ["3.8", "3.12", "3.14"].contains($0.version) })
  func `an exec by a thread, SIGKILL, os._exit by a thread, and programs of a worker`(
    method: String, interpreter: Interpreters.Interpreter
  ) throws {
    let folder = try ScratchFolder()
    try folder.write("main.py", Self.program)
    let run = try Traced.run([interpreter.path, "main.py", method], in: folder.path)
    #expect(run.outcome.ending == "status 0", "\(run.outcome.standardError)")
    #expect(run.report?.verdict == "worker-crash")
    #expect(!run.outcome.standardError.contains("forgotten"))
  }
}
