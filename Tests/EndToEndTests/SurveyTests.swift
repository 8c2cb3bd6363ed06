import Foundation
import TestSupport
import Testing

/// Why a run hangs: where every thread waits at the deadline, or when a signal asks for the end.
@Suite(.serialized)
struct SurveyTests {
  /// Runs a Python program; if `places` is given, with a deadline that comes after so many calls of
  /// `in_place`.
  private func python(
    _ program: String, options: [String] = [], places: Int? = nil,
    _ interpreter: Interpreters.Interpreter? = nil
  ) throws -> (run: Traced.Run, folder: ScratchFolder) {
    let folder = try ScratchFolder()
    try folder.write("main.py", program)
    try folder.write("standstill.py", Standstill.module)
    try folder.write(
      "ask.py",
      """
      def ask(number):
          with open("asked", "wb", buffering=0) as fifo:
              fifo.write(bytes([number]))

      """)
    #expect(try ChildProcess.run(["mkfifo", "asked"], in: folder.path).ending == "status 0")
    let interpreter = try interpreter ?? Interpreters.newest()
    let run = { (options: [String]) in
      try Traced.run(
        [interpreter.path, "main.py"], options: options, in: folder.path,
        startedBy: try Messenger.command(fifo: "asked"))
    }
    if let places {
      return (try Standstill.run(places: places, in: folder) { try run(options + $0) }, folder)
    }
    return (try run(options), folder)
  }

  @Test(arguments: Interpreters.all)
  func `a join before the queue is drained is a circle, with the line that waits`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let (run, folder) = try python(
      """
      import multiprocessing
      from standstill import in_place
      def work(queue):
          queue.put("x" * 1000000)
          in_place()
      if __name__ == "__main__":
          context = multiprocessing.get_context("spawn")
          queue = context.Queue()
          process = context.Process(target=work, args=(queue,))
          process.start()
          process.join()

      """, places: 1, interpreter)
    #expect(run.outcome.ending == "status 124")
    let report = try #require(run.report)
    #expect(report.verdict == "deadlock")
    let finding = try #require(report.findings.first)
    #expect(finding.rule == "ST106" && finding.certainty == "proven")
    #expect(finding.culprit?.path == folder.path + "/main.py" && finding.culprit?.line == 11)
    let worker = try #require(report.processes("spawn-worker").first)
    #expect(finding.processes == [1, worker.id])
    let threads = try #require(report.survey?.threads)
    let main = try #require(threads.first { $0.process == 1 && $0.main })
    #expect(main.waitsFor == [worker.id] && main.wait?.call.hasPrefix("wait") == true)
    #expect(main.stack.last?.function == "<module>" && main.stack.last?.line == 11)
    let feeder = try #require(threads.first { $0.process == worker.id && !$0.main })
    #expect(feeder.waitsFor == [1] && feeder.wait?.for.first?.kind == "pipe-to-write")
    #expect(feeder.stack.contains { $0.function.hasSuffix("_feed") })
    try #require(report.processes.count > 1)
    for process in report.processes { #expect(process.pid.map(isAlive) == false) }
    let text = run.outcome.standardError
    #expect(text.contains("error[ST106]: nothing moves: main.py waits for a process that waits"))
    #expect(text.contains("main.py:11 <module>  process.join()"))
  }

  @Test(arguments: Interpreters.all)
  func `two threads with two locks are a circle`(interpreter: Interpreters.Interpreter) throws {
    let (run, _) = try python(
      """
      import threading
      from standstill import in_place
      first, second, both = threading.Lock(), threading.Lock(), threading.Barrier(2)
      def take(one, other):
          with one:
              both.wait()
              in_place()
              with other:
                  pass

      thread = threading.Thread(target=take, args=(second, first))
      thread.start()
      take(first, second)

      """, places: 2, interpreter)
    #expect(run.outcome.ending == "status 124")
    let report = try #require(run.report)
    let finding = try #require(report.findings.first)
    #expect(finding.rule == "ST106" && finding.certainty == "proven")
    #expect(finding.culprit?.line == 13 && finding.callSite?.line == 8)
    let threads = try #require(report.survey?.threads)
    #expect(threads.count == 2)
    for thread in threads {
      #expect(thread.wait?.for.first?.kind == "lock" && thread.stack.first?.line == 8)
    }
  }

  @Test func `a run that still works isn't a deadlock, and also ends with 124`() throws {
    let (run, _) = try python(
      "from standstill import in_place\nin_place()\nwhile True: pass\n", places: 1)
    #expect(run.outcome.ending == "status 124")
    let report = try #require(run.report)
    #expect(report.verdict == "healthy" && report.findings.isEmpty)
    #expect(report.survey?.moving == true)
    #expect(report.survey?.threads.first?.state == "running")
    #expect(report.survey?.threads.first?.stack.first?.line == 3)
    #expect(run.outcome.standardError.contains("(still working)"))
    #expect(run.outcome.standardError.contains("exit 124"))
  }

  @Test func `a run that ends before the deadline has no survey`() throws {
    let (run, _) = try python("print(1)\n", options: ["--timeout", "60"])
    #expect(run.outcome.ending == "status 0" && run.outcome.standardError == "")
    #expect(run.report?.survey == nil)
  }

  @Test func `a program that isn't Python has its native stack, and a parent in vfork its child`()
    throws
  {
    let program = try CProgram.withPrelude(
      Standstill.function + """
        int main(void) {
          in_place();
          if (vfork() == 0) {
            pause();
            _exit(0);
          }
        }
        """)
    let folder = try ScratchFolder()
    let run = try Standstill.run(places: 1, in: folder) {
      try Traced.run([program], options: $0, in: folder.path)
    }
    #expect(run.outcome.ending == "status 124")
    let threads = try #require(run.report?.survey?.threads)
    #expect(threads.count == 2)
    #expect(threads[0].waitsFor == [2], "it waits for its child")
    #expect(threads[1].wait?.call == "pause" && threads[1].wait?.for.first?.kind == "signal")
    #expect(threads[1].nativeStack.contains { $0.symbol == "pause" || $0.symbol == "__libc_pause" })
    #expect(threads[1].nativeStack.contains { $0.symbol == "main" })
  }

  @Test func `waits for a pipe's other end, a semaphore, a pidfd, in poll and in select`() throws {
    let (run, _) = try python(
      """
      import os, select, sys, threading
      from standstill import in_place
      def in_select():
          in_place()
          select.select([reader], [], [])
      if os.fork() == 0:
          reader, writer = os.pipe()
          if os.fork() == 0:
              os.close(reader)
              in_place()
              threading.Event().wait()
          os.close(writer)
          threading.Thread(target=in_select).start()
          poll = select.poll()
          poll.register(reader, select.POLLIN)
          in_place()
          poll.poll()
      import multiprocessing
      lock = multiprocessing.get_context("fork").Lock()
      lock.acquire()
      if os.fork() == 0:
          in_place()
          lock.acquire()
      in_place()
      os.waitid(os.P_PIDFD, os.pidfd_open(os.getpid() and int(
          open("/proc/self/task/%d/children" % os.getpid()).read().split()[0])), os.WEXITED)

      """, places: 5)
    #expect(run.outcome.ending == "status 124")
    let report = try #require(run.report)
    let threads = try #require(report.survey?.threads)
    func waits(_ call: String...) -> [Report.Survey.Thread] {
      threads.filter { call.contains($0.wait?.call ?? "") }
    }
    let polling = try #require(waits("poll", "ppoll").first)
    let writer = try #require(report.processes.first { $0.parent == polling.process })
    #expect(polling.waitsFor == [writer.id] && polling.wait?.timed == false)
    #expect(polling.wait?.for.map(\.kind) == ["pipe-to-read"])
    let selecting = try #require(waits("select", "pselect6").first)
    #expect(selecting.waitsFor == [writer.id])
    let semaphore = try #require(threads.first { $0.wait?.for.first?.kind == "semaphore" })
    #expect(semaphore.waitsFor.contains(1))
    let main = try #require(threads.first { $0.process == 1 })
    #expect(main.wait?.call == "waitid" && main.wait?.for.first?.kind == "process")
    #expect(main.waitsFor == [2])
  }

  @Test func `SIGTERM gives the stacks, then the command ends by it`() throws {
    let (run, _) = try python(
      """
      import signal, time
      from ask import ask
      ask(signal.SIGTERM)
      time.sleep(100)

      """)
    #expect(run.outcome.ending == "signal 15")
    #expect(run.outcome.standardError.contains("stacks of 1 process"))
    #expect(run.report?.exit?.signal == 15)
    #expect(run.report?.survey?.threads.first?.stack.last?.function == "<module>")
  }

  @Test func `SIGTERM ends a command that ignores it, and one that handles it as it wants`() throws
  {
    let (handled, _) = try python(
      """
      import signal, sys, time
      from ask import ask
      signal.signal(signal.SIGTERM, lambda *rest: sys.exit(3))
      ask(signal.SIGTERM)
      time.sleep(100)

      """)
    #expect(handled.outcome.ending == "status 3")
    let (ignored, _) = try python(
      """
      import signal, time
      from ask import ask
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      ask(signal.SIGTERM)
      time.sleep(100)

      """)
    #expect(ignored.outcome.ending == "signal 15")
    #expect(ignored.report?.exit?.signal == 9)
  }

  @Test func `a stopped process is reported as stopped`() throws {
    let script = "sh -c 'date +%s.%N > in-place; kill -STOP $$' & wait"
    let folder = try ScratchFolder()
    let run = try Standstill.run(places: 1, in: folder) {
      try Traced.run(["sh", "-c", script], options: $0, in: folder.path)
    }
    #expect(run.outcome.ending == "status 124")
    let threads = try #require(run.report?.survey?.threads)
    #expect(threads.map(\.state) == ["waiting", "stopped"])
    let processes = try #require(run.report).processes
    // Two shells, and date(1).
    #expect(processes.count == 3 && processes.allSatisfy { $0.pid.map(isAlive) == false })
  }

  @Test(arguments: ["0", "-1", "soon", "inf"])
  func `wrong times are refused`(time: String) throws {
    let outcome = try Traced.run(arguments: ["run", "--timeout", time, "--", "true"])
    #expect(outcome.ending == "status 125")
    #expect(outcome.standardError.contains("--timeout"))
  }
}
