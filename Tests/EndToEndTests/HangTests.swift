import Foundation
import TestSupport
import Testing

/// What hangs and what only waits, and the statuses that follow (the contract's table).
@Suite(.serialized)
struct HangTests {
  /// Programs that stand still, and whether they are deadlocks.
  enum Program: String, CaseIterable {
    case sleeps, input, serves, awaitsSignal, childAwaitsSignal, locks, ownEnd, bothReceive, polls

    var isDeadlock: Bool { [.locks, .ownEnd, .bothReceive, .polls].contains(self) }

    var text: String {
      switch self {
      case .sleeps: "import time; in_place(); time.sleep(100)"
      case .input: "in_place(); input()"
      case .serves:
        "import socket; s = socket.create_server(('127.0.0.1', 0)); in_place(); s.accept()"
      case .awaitsSignal:
        """
        import signal, threading
        event = threading.Event()
        signal.signal(signal.SIGUSR1, lambda *rest: event.set())
        in_place()
        event.wait()
        """
      case .childAwaitsSignal:
        """
        import multiprocessing, signal
        context = multiprocessing.get_context("fork")
        event = context.Event()
        child = context.Process(target=event.wait)
        child.start()
        signal.signal(signal.SIGUSR1, lambda *rest: event.set())
        in_place()
        child.join()
        """
      case .polls:
        // A stop interrupts the poll, which then goes on under another call's number.
        """
        import os, select, signal, threading
        signal.signal(signal.SIGWINCH, lambda *rest: None)
        poll = select.poll()
        poll.register(os.pipe()[0], select.POLLIN)
        thread = threading.Thread(target=poll.poll)
        thread.start()
        in_place()
        thread.join()
        """
      case .locks:
        "import threading; lock = threading.Lock(); lock.acquire(); in_place(); lock.acquire()"
      case .ownEnd: "import os; reader, writer = os.pipe(); in_place(); os.read(reader, 1)"
      case .bothReceive:
        """
        import multiprocessing
        ours, theirs = multiprocessing.get_context("fork").Pipe()
        child = multiprocessing.get_context("fork").Process(target=theirs.recv)
        child.start()
        in_place()
        ours.recv()
        """
      }
    }
  }

  /// Runs `sleep | SCRIPT` with `$@` for spawntrace and its command: standard input is a pipe whose
  /// writer is outside of the tree.
  private func run(_ program: Program, options: [String], script: String) throws -> (
    ending: String, verdict: String?
  ) {
    let folder = try ScratchFolder()
    try folder.write("standstill.py", Standstill.module)
    try folder.write("main.py", "from standstill import in_place\n" + program.text + "\n")
    let command =
      [Traced.binary, "run", "--json", "report.json"] + options
      + ["--", try Interpreters.newest().path, "main.py"]
    let outcome = try ChildProcess.run(
      ["bash", "-c", script, "bash"] + command, in: folder.path, timeout: 60)
    let report = folder.read("report.json").flatMap {
      try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }
    return (outcome.ending, report?["verdict"] as? String)
  }

  private static let alone =
    "exec < <(sleep 60); \"$@\" <&0 & job=$!; until [ -e in-place ]; do sleep 0.1; done; sleep 0.5; "
    + "kill -TERM $job; wait $job"
  /// As timeout(1) does: its command first, then the group that it has made.
  private static let group =
    "exec < <(sleep 60); exec timeout --preserve-status 4 \"$@\""

  @Test(arguments: Program.allCases)
  func `a --timeout ends with 124, whatever is found`(program: Program) throws {
    let run = try run(
      program, options: ["--timeout", "4"], script: "exec < <(sleep 60); exec \"$@\"")
    #expect(run.ending == "status 124")
    #expect(run.verdict == (program.isDeadlock ? "deadlock" : "healthy"))
  }

  @Test(arguments: Program.allCases, [alone, group])
  func `SIGTERM to spawntrace or to its group: 112 for a deadlock, or else the command's own end`(
    program: Program, script: String
  ) throws {
    let run = try run(program, options: [], script: script)
    #expect(run.verdict == (program.isDeadlock ? "deadlock" : "healthy"))
    let death = ["signal 15", "status 143"]
    #expect(program.isDeadlock ? run.ending == "status 112" : death.contains(run.ending))
  }

  @Test(arguments: ["stop", "report"])
  func `--on-cycle and --finding-status`(policy: String) throws {
    let run = try run(
      .locks, options: ["--on-cycle=\(policy)", "--finding-status", "9"], script: Self.alone)
    #expect(run.ending == "status 9" && run.verdict == "deadlock")
  }

  @Test func `SIGTERM to the group comes once to a program that handles it`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import signal, sys, time
      signal.signal(signal.SIGTERM, lambda *rest: (print("heard", flush=True), time.sleep(0.3)))
      time.sleep(100)
      sys.exit(7)

      """.replacingOccurrences(of: "time.sleep(100)", with: "signal.pause()"))
    let outcome = try ChildProcess.run(
      [
        "timeout", "--preserve-status", "3", Traced.binary, "--",
        try Interpreters.newest().path, "main.py",
      ], in: folder.path, timeout: 30)
    #expect(outcome.standardOutput == "heard\n")
    #expect(outcome.ending == "status 7")
  }

  @Test func `after SIGTERM a command ends by itself, and its processes clean up`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import os, signal, sys, time
      def worker(*rest):
          open("worker", "w").write("clean")
          sys.exit(0)
      if os.fork() == 0:
          signal.signal(signal.SIGTERM, worker)
          open("ready", "w")
          while True: signal.pause()
      def command(*rest):
          time.sleep(2.5)
          print("done", flush=True)
          sys.exit(6)
      signal.signal(signal.SIGTERM, command)
      while not os.path.exists("ready"): time.sleep(0.01)
      open("in-place", "w")
      while True: signal.pause()

      """)
    let outcome = try ChildProcess.run(
      [
        "bash", "-c", Self.alone, "bash", Traced.binary, "--", try Interpreters.newest().path,
        "main.py",
      ], in: folder.path, timeout: 60)
    #expect(outcome.standardOutput == "done\n")
    #expect(outcome.ending == "status 6")
    #expect(folder.read("worker") == "clean")
  }

  // MARK: Causes

  /// Programs that hang, and a part of the advice.
  enum Hang: String, CaseIterable {
    case importLock, queueTasks, lockOverFork, subprocess, feeder, ownPipe, emptyQueue

    var files: [String: String] {
      switch self {
      case .importLock:
        [
          "main.py": "import helper\n",
          "helper.py": """
          from concurrent.futures import ThreadPoolExecutor
          from standstill import in_place
          def work(number):
              in_place()
              from helper import work
              return number
          with ThreadPoolExecutor(1) as executor:
              print(list(executor.map(work, [1])))

          """,
        ]
      case .queueTasks:
        [
          "main.py": """
          import multiprocessing
          from standstill import in_place
          def work(queue):
              while True: queue.get()
          if __name__ == "__main__":
              context = multiprocessing.get_context("spawn")
              queue = context.JoinableQueue()
              context.Process(target=work, args=(queue,), daemon=True).start()
              queue.put(1)
              in_place()
              queue.join()

          """
        ]
      case .lockOverFork:
        [
          "main.py": """
          import multiprocessing, threading
          from standstill import in_place
          lock, held, forked = threading.Lock(), threading.Event(), threading.Event()
          def hold():
              with lock:
                  held.set()
                  forked.wait()
          def work():
              in_place()
              with lock:
                  pass
          threading.Thread(target=hold).start()
          held.wait()
          process = multiprocessing.get_context("fork").Process(target=work)
          process.start()
          forked.set()
          process.join()

          """
        ]
      case .subprocess:
        [
          "main.py": """
          import subprocess, sys
          from standstill import in_place
          child = subprocess.Popen(
              [sys.executable, "-c", "print('x' * 1000000)"], stdout=subprocess.PIPE)
          in_place()
          child.wait()

          """
        ]
      case .feeder:
        [
          "main.py": """
          import multiprocessing
          from standstill import in_place
          queue = multiprocessing.get_context("spawn").Queue()
          queue.put("x" * 1000000)
          in_place()

          """
        ]
      case .emptyQueue:
        [
          "main.py": """
          import multiprocessing
          from standstill import in_place
          def work(queue):
              raise SystemExit(3)
          if __name__ == "__main__":
              context = multiprocessing.get_context("spawn")
              queue = context.Queue()
              process = context.Process(target=work, args=(queue,))
              process.start()
              process.join()
              in_place()
              queue.get()

          """
        ]
      case .ownPipe:
        [
          "main.py": """
          import os
          from standstill import in_place
          reader, writer = os.pipe()
          in_place()
          os.write(writer, b"x" * 1000000)

          """
        ]
      }
    }

    var advice: String {
      switch self {
      case .importLock: "whose import is not over"
      case .queueTasks: "`task_done()`"
      case .lockOverFork: "held the lock at main.py:10"
      case .subprocess: "`communicate()`"
      case .feeder: "`cancel_join_thread()`"
      case .emptyQueue: "the queue is empty"
      case .ownPipe: "only the process that writes could read it"
      }
    }
  }

  @Test(arguments: Hang.allCases)
  func `the cause of a hang is named where the stacks show it`(hang: Hang) throws {
    for interpreter in Interpreters.few {
      let folder = try ScratchFolder()
      try folder.write("standstill.py", Standstill.module)
      for (name, text) in hang.files { try folder.write(name, text) }
      let run = try Standstill.run(places: 1, in: folder) {
        try Traced.run([interpreter.path, "main.py"], options: $0, in: folder.path)
      }
      #expect(run.report?.verdict == "deadlock", "\(interpreter)")
      let words = run.outcome.standardError.split(whereSeparator: \.isWhitespace)
      #expect(words.joined(separator: " ").contains(hang.advice), "\(interpreter)")
    }
  }
}
