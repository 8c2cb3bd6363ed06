import Foundation
import TestSupport
import Testing

/// Pools whose workers die with a task in their hands, and parents that wait for it, or don't.
@Suite(.serialized)
struct LostTaskTests {
  struct Program: Sendable, CustomTestStringConvertible {
    var name: String
    /// What a worker does with its task `n`; it begins at line 4.
    var work: String
    /// What the parent does with `pool`; it begins in the line of `parentLine`.
    var parent: String
    var method = "spawn"
    var arguments = "2"
    /// The line that waits, in the parent's part, from 1.
    var waits: Int?
    /// The line of the death, in the worker's part, from 1; nil if it can't be known.
    var dies: Int?
    /// How the report says it.
    var death = ""
    /// Whether the worker was seen to die with the task.
    var isSeen = true
    var testDescription: String { name }

    private var workLines: [Substring] { work.split(separator: "\n") }

    var text: String {
      """
      import ctypes, multiprocessing, os, signal, sys, threading, time
      signal.alarm(60)
      def work(n):
      \(workLines.map { "    " + $0 }.joined(separator: "\n"))
      if __name__ == "__main__":
          with multiprocessing.get_context("\(method)").Pool(\(arguments)) as pool:
      \(parent.split(separator: "\n").map { "        " + $0 }.joined(separator: "\n"))

      """
    }

    func workLine(_ line: Int) -> Int { 3 + line }
    func parentLine(_ line: Int) -> Int { 5 + workLines.count + line }
  }

  /// The versions between which a Pool's code, or the layout of its objects, has changed.
  static let interpreters = Interpreters.all.filter {
    ["3.6", "3.8", "3.11", "3.12", "3.14", "3.15"].contains($0.version)
  }

  static let lost = [
    Program(
      name: "a forked worker kills itself, and map waits",
      work: """
        if n == 2:
            os.kill(os.getpid(), signal.SIGKILL)
        return n
        """, parent: "print(pool.map(work, range(4), 1))", method: "fork", waits: 1, dies: 2,
      death: "died of SIGKILL"),
    Program(
      name: "a segmentation fault, and apply_async's get in a function of its own",
      work: "ctypes.string_at(0)",
      parent: """
        def collect(results):
            return [result.get() for result in results]
        print(collect([pool.apply_async(work, (1,))]))
        """, waits: 2, dies: 1, death: "died of SIGSEGV"),
    Program(
      name: "os._exit with 0 in a forkserver's worker, and imap's next",
      work: """
        if n == 1:
            os._exit(0)
        return n
        """,
      parent: """
        for number in pool.imap(work, range(3)):
            print(number)
        """, method: "forkserver", waits: 1, dies: 2, death: "ended with status 0"),
    Program(
      name: "close and join wait until no job is left",
      work: "os._exit(7)",
      parent: """
        pool.apply_async(work, (1,))
        pool.close()
        pool.join()
        """, method: "fork", waits: 3, dies: 1, death: "ended with status 7"),
    Program(
      name: "another worker's task takes a minute",
      work: """
        if n == 0:
            time.sleep(50)
        os._exit(3)
        """, parent: "pool.starmap(work, [(0,), (1,)], 1)", waits: 1, dies: 3,
      death: "ended with status 3"),
    Program(
      name: "a native function is the task",
      work: "pass", parent: "pool.apply(os._exit, (5,))", waits: 1, death: "ended with status 5"),
    Program(
      name: "a helper's thread waits, and the main thread waits for the helper",
      work: "os.abort()",
      parent: """
        def ask():
            pool.apply(work, (1,))
        thread = threading.Thread(target=ask)
        thread.start()
        thread.join()
        """, waits: 2, dies: 1, death: "died of SIGABRT"),
    Program(
      name: "sys.exit() in a task leaves no stack",
      work: """
        if n == 2:
            sys.exit(3)
        return n
        """,
      parent: "pool.map(work, range(4), 1)", method: "fork", waits: 1,
      death: "ended with status 3", isSeen: false),
    Program(
      name: "sys.exit() in a task of a forkserver's worker, with 0",
      work: """
        if n == 1:
            sys.exit()
        return n
        """, parent: "print(list(pool.imap_unordered(work, range(4))))", method: "forkserver",
      waits: 1, death: "ended with status ", isSeen: false),
    Program(
      name: "the parent itself kills the worker, and waits",
      work: "time.sleep(50)",
      parent: """
        result = pool.apply_async(work, (1,))
        time.sleep(1)
        for process in pool._pool:
            os.kill(process.pid, signal.SIGTERM)
        result.get()
        """, arguments: "1", waits: 5, dies: 1, death: "died of SIGTERM"),
  ]

  @Test(arguments: lost, interpreters)
  func `a lost task that the parent waits for ends the run`(
    program: Program, interpreter: Interpreters.Interpreter
  ) throws {
    let (run, folder) = try self.run(program, interpreter)
    #expect(run.outcome.ending == "status 112")
    let report = try #require(run.report)
    #expect(report.verdict == "lost-task" && report.findings.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.certainty == (program.isSeen ? "proven" : "likely"))
    #expect(finding.consequence == "blocked")
    #expect(finding.culprit?.path == folder.file("main.py"))
    #expect(finding.culprit?.line == program.waits.map(program.parentLine))
    #expect(finding.title.contains("whose worker \(program.death)"))
    guard program.isSeen else { return }
    let text = run.outcome.standardError
    let place = program.dies.map { ", at main.py:\(program.workLine($0))" } ?? ""
    #expect(text.contains("\(program.death) in its task\(place)\n"))
  }

  static let others = [
    Program(
      name: "get with a timeout", work: "os._exit(3)",
      parent: """
        try:
            pool.apply_async(work, (1,)).get(timeout=2)
        except multiprocessing.TimeoutError:
            print("lost")
        """, dies: 1, death: "worker-crash"),
    Program(
      name: "an alarm ends the wait", work: "os._exit(3)",
      parent: """
        import signal
        def stop(*rest):
            raise TimeoutError
        signal.signal(signal.SIGALRM, stop)
        signal.alarm(3)
        try:
            pool.apply(work, (1,))
        except TimeoutError:
            print("lost")
        """, dies: 1, death: "worker-crash"),
    Program(
      name: "a loop that asks whether it is ready", work: "os.abort()",
      parent: """
        result = pool.apply_async(work, (1,))
        end = time.time() + 2
        while not result.ready() and time.time() < end:
            time.sleep(0.1)
        """, dies: 1, death: "worker-crash"),
    Program(
      name: "the parent doesn't wait for that one",
      work: """
        if n == 0:
            os._exit(3)
        time.sleep(2)
        return n
        """,
      parent: """
        lost = pool.apply_async(work, (0,))
        print(pool.apply_async(work, (1,)).get())
        """, dies: 2, death: "worker-crash"),
    Program(
      name: "terminate ends workers at their tasks", work: "time.sleep(50)",
      parent: """
        pool.map_async(work, range(4), 1)
        time.sleep(1)
        pool.terminate()
        pool.join()
        """, death: "healthy"),
    Program(
      name: "workers end after each task", work: "return n",
      parent: "print(sum(pool.map(work, range(20), 1)))", method: "fork",
      arguments: "2, None, (), 1", death: "healthy"),
    Program(
      name: "an iterator waits for items, and workers end after each task",
      work: "return n",
      parent: """
        import queue
        items = queue.Queue()
        def feed():
            for n in range(4):
                time.sleep(0.5)
                items.put(n)
            items.put(None)
        threading.Thread(target=feed).start()
        print(sum(pool.imap(work, iter(items.get, None))))
        """, method: "forkserver", arguments: "2, None, (), 1", death: "healthy"),
    Program(
      name: "a worker that is waited for works long", work: "time.sleep(2)",
      parent: "pool.map(work, range(2))", death: "healthy"),
  ]

  @Test(arguments: others, interpreters)
  func `a lost task that the parent doesn't wait for without end is a note`(
    program: Program, interpreter: Interpreters.Interpreter
  ) throws {
    let (run, _) = try self.run(program, interpreter)
    #expect(run.outcome.ending == "status 0")
    let report = try #require(run.report)
    #expect(report.verdict == program.death)
    #expect(report.findings.first?.culprit?.line == program.dies.map(program.workLine))
  }

  @Test(arguments: Interpreters.all)
  func `SIGKILL from outside: the line that the worker was at`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing, os, signal, subprocess, time
      def work(queue):
          queue.put(os.getpid())
          while True:
              time.sleep(0.01)
      if __name__ == "__main__":
          context = multiprocessing.get_context("spawn")
          queue = context.Queue()
          process = context.Process(target=work, args=(queue,))
          process.start()
          subprocess.run(["sh", "-c", "kill -KILL %d" % queue.get()])
          process.join()

      """)
    let run = try Traced.run([interpreter.path, "main.py"], in: folder.path)
    let finding = try #require(run.report?.findings.first)
    #expect(finding.rule == "ST202" && finding.culprit?.path == folder.file("main.py"))
    #expect(finding.culprit?.line == 5 || finding.culprit?.line == 4)
  }

  private func run(
    _ program: Program, _ interpreter: Interpreters.Interpreter
  ) throws -> (Traced.Run, ScratchFolder) {
    let folder = try ScratchFolder()
    try folder.write("main.py", program.text)
    return (try Traced.run([interpreter.path, "main.py"], in: folder.path), folder)
  }
}
