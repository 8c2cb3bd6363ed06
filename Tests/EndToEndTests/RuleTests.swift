import Foundation
import TestSupport
import Testing

/// Real programs with each fault that a rule finds besides the re-execution cycle, and healthy ones
/// like them.
@Suite(.serialized)
struct RuleTests {
  struct Program: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    var verdict: String
    /// File and line of the first finding.
    var culprit: (file: String, line: Int?)?
    var callSite: (file: String, line: Int)?
    /// The exit status of spawntrace.
    var status: Int32
    /// The lowest minor version that it runs on.
    var since = 6
    var isForPython2 = false
    var testDescription: String { name }
  }

  /// Ends a program in any case, long after its proof.
  private static let belt = "import signal; signal.alarm(60)\n"

  static let errors = [
    Program(
      name: "the import of main raises in each worker of a Pool",
      files: [
        "main.py": belt + """
          import multiprocessing, os
          if os.environ.get("STEP"):
              raise ValueError("twice")
          os.environ["STEP"] = "1"
          def work(number): return number
          if __name__ == "__main__":
              with multiprocessing.get_context("spawn").Pool(2) as pool:
                  pool.map(work, range(4))

          """
      ], verdict: "respawn-loop", culprit: ("main.py", 4), callSite: ("main.py", 8), status: 112),
    Program(
      name: "a helper that main imports raises in each worker",
      files: [
        "helper.py": "import os\nif os.environ.get('STEP'): os.stat('/nowhere/at/all')\n",
        "main.py": belt + """
          import multiprocessing, os
          import helper
          os.environ["STEP"] = "1"
          if __name__ == "__main__":
              with multiprocessing.get_context("spawn").Pool(1) as pool:
                  pool.map(abs, range(4), 1)

          """,
      ], verdict: "respawn-loop", culprit: ("helper.py", 2), status: 112),
    Program(
      name: "the initializer of a Pool raises",
      files: [
        "main.py": belt + """
          import multiprocessing
          def prepare():
              raise KeyError("no such setting")
          if __name__ == "__main__":
              with multiprocessing.get_context("spawn").Pool(2, prepare) as pool:
                  pool.map(abs, range(4), 1)

          """
      ], verdict: "respawn-loop", culprit: ("main.py", 4), callSite: ("main.py", 6), status: 112),
    Program(
      name: "the initializer of a forked Pool raises",
      files: [
        "main.py": belt + """
          import multiprocessing
          def prepare():
              raise KeyError("no such setting")
          with multiprocessing.get_context("fork").Pool(2, prepare) as pool:
              pool.map(abs, range(4), 1)

          """
      ], verdict: "respawn-loop", culprit: ("main.py", 4), callSite: ("main.py", 5), status: 112),
    Program(
      name: "the initializer of a forkserver's Pool raises",
      files: [
        "main.py": belt + """
          import multiprocessing
          def prepare():
              raise KeyError("no such setting")
          if __name__ == "__main__":
              with multiprocessing.get_context("forkserver").Pool(2, prepare) as pool:
                  pool.map(abs, range(4), 1)

          """
      ], verdict: "respawn-loop", culprit: ("main.py", 4), callSite: ("main.py", 6), status: 112),
    Program(
      name: "unittest.main() is not guarded",
      files: [
        "main.py": belt + """
          import multiprocessing, unittest
          class PoolTest(unittest.TestCase):
              def test_pool(self):
                  with multiprocessing.get_context("spawn").Pool(2) as pool:
                      pool.map(abs, range(4), 1)

          unittest.main()

          """
      ], verdict: "respawn-loop", culprit: ("main.py", 8), callSite: ("main.py", 5), status: 112),
    Program(
      name: "sys.exit() is not guarded",
      files: [
        "main.py": belt + """
          import multiprocessing, sys
          if __name__ == "__main__":
              with multiprocessing.get_context("spawn").Pool(2) as pool:
                  pool.map(abs, range(4), 1)
          sys.exit(3)

          """
      ], verdict: "respawn-loop", culprit: ("main.py", 6), callSite: ("main.py", 4), status: 112),
    Program(
      name: "workers start workers in a thread",
      files: [
        "main.py": belt + """
          import multiprocessing, threading, time
          booted = threading.Event()
          def work():
              booted.set()
              time.sleep(20)
          def later():
              booted.wait()
              multiprocessing.get_context("spawn").Process(target=work).start()
          threading.Thread(target=later).start()
          if __name__ == "__main__":
              work()

          """
      ], verdict: "fork-bomb", culprit: ("main.py", 9), status: 112),
    Program(
      name: "the work starts a worker that does the same",
      files: [
        "main.py": belt + """
          import multiprocessing
          def work():
              process = multiprocessing.get_context("spawn").Process(target=work)
              process.start()
              process.join()
          if __name__ == "__main__":
              work()

          """
      ], verdict: "fork-bomb", culprit: ("main.py", 5), status: 112),
    Program(
      name: "a script runs itself",
      files: [
        "main.py": belt + "import subprocess, sys\nsubprocess.call([sys.executable, __file__])\n"
      ], verdict: "subprocess-cycle", culprit: ("main.py", 3), status: 112, isForPython2: true),
    Program(
      name: "a script runs itself by way of a shell and another script",
      files: [
        "main.py": belt
          + "import os, sys\nos.system(sys.executable + ' other.py && true')\n",
        "other.py":
          "import os, sys\nos.spawnv(os.P_WAIT, sys.executable, [sys.executable, 'main.py'])\n",
      ], verdict: "subprocess-cycle", culprit: ("main.py", 3), status: 112),
    Program(
      name: "a script executes itself",
      files: [
        "main.py": belt
          + "import os, sys\ndef again():\n    os.execv(sys.executable, [sys.executable, 'main.py'])\nagain()\n"
      ], verdict: "self-exec-loop", culprit: ("main.py", 5), callSite: ("main.py", 4), status: 112,
      isForPython2: true),
  ]

  static let notes = [
    Program(
      name: "a worker dies of a signal",
      files: [
        "main.py": """
        import ctypes, multiprocessing
        def work():
            ctypes.string_at(0)
        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=work)
            process.start()
            process.join()

        """
      ], verdict: "worker-crash", culprit: ("main.py", 3), callSite: ("main.py", 6), status: 0),
    Program(
      name: "a forked worker kills itself",
      files: [
        "main.py": """
        import multiprocessing, os, signal
        def work():
            os.kill(os.getpid(), signal.SIGKILL)
        process = multiprocessing.get_context("fork").Process(target=work)
        process.start()
        process.join()

        """
      ], verdict: "worker-crash", culprit: ("main.py", 3), callSite: ("main.py", 5), status: 0),
    Program(
      name: "a forkserver's worker raises",
      files: [
        "main.py": """
        import multiprocessing
        def work():
            raise ValueError("no")
        if __name__ == "__main__":
            process = multiprocessing.get_context("forkserver").Process(target=work)
            process.start()
            process.join()

        """
      ], verdict: "worker-crash", culprit: ("main.py", 3), callSite: ("main.py", 6), status: 0),
    Program(
      name: "the main script is gone when a worker wants it",
      files: [
        "main.py": """
        import multiprocessing, os
        if __name__ == "__main__":
            os.remove(__file__)
            process = multiprocessing.get_context("spawn").Process(target=abs, args=(1,))
            process.start()
            process.join()

        """
      ], verdict: "worker-crash", culprit: ("main.py", 5), status: 0),
    Program(
      name: "each worker forks a Pool again",
      files: [
        "main.py": """
        import multiprocessing
        with multiprocessing.get_context("fork").Pool(1) as pool:
            pool.map(abs, range(2))
        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=abs, args=(1,))
            process.start()
            process.join()

        """
      ], verdict: "reexec-side-effect", culprit: ("main.py", 2), status: 0),
    Program(
      name: "a lambda can't be a target",
      files: [
        "main.py": """
        import multiprocessing
        if __name__ == "__main__":
            multiprocessing.get_context("spawn").Process(target=lambda: 0).start()

        """
      ], verdict: "unpicklable-target", culprit: ("main.py", 3), status: 1),
    Program(
      name: "a lambda can't be a task",
      files: [
        "main.py": """
        import multiprocessing
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1) as pool:
                pool.map(lambda number: number, range(2))

        """
      ], verdict: "unpicklable-target", culprit: ("main.py", 4), status: 1),
  ]

  static let healthy = [
    Program(
      name: "workers that live for one task each",
      files: [
        "main.py": """
        import multiprocessing
        if __name__ == "__main__":
            with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
                pool.map(abs, range(5), 1)

        """
      ], verdict: "healthy", status: 0),
    Program(
      name:
        "tasks that raise, exits with a status, a worker that is terminated and one that is killed",
      files: [
        "main.py": """
        import multiprocessing, os, sys, time
        def fail(number): raise ValueError(number)
        def leave(): sys.exit(3)
        def stay(): time.sleep(60)
        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            with context.Pool(1) as pool:
                try:
                    pool.map(fail, range(5), 1)
                except ValueError:
                    pass
            process = context.Process(target=leave)
            process.start()
            process.join()
            for number in 15, 9:
                process = context.Process(target=stay)
                process.start()
                os.kill(process.pid, number)
                process.join()

        """
      ], verdict: "healthy", status: 0),
    Program(
      name: "a recursion that a variable counts, deeper than the limit",
      files: [
        "main.py": """
        import os, subprocess, sys
        level = int(os.environ.get("LEVEL", "15"))
        if level:
            subprocess.check_call([sys.executable, __file__], env=dict(os.environ, LEVEL=str(level - 1)))

        """
      ], verdict: "healthy", status: 0, isForPython2: true),
    Program(
      name: "a script that executes itself once, to set a variable",
      files: [
        "main.py": """
        import os, sys
        if os.environ.get("PYTHONHASHSEED") != "0":
            os.environ["PYTHONHASHSEED"] = "0"
            os.execv(sys.executable, [sys.executable] + sys.argv)

        """
      ], verdict: "healthy", status: 0, isForPython2: true),
    Program(
      name: "an import that asks for a version and forks once",
      files: [
        "main.py": """
        import multiprocessing, os, subprocess
        VERSION = subprocess.check_output(["echo", "1"])
        pid = os.fork()
        if pid == 0:
            os._exit(0)
        os.waitpid(pid, 0)
        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=abs, args=(1,))
            process.start()
            process.join()

        """
      ], verdict: "healthy", status: 0),
    Program(
      name: "exceptions of pickle that are caught and printed",
      files: [
        "main.py": """
        import multiprocessing, pickle, sys, traceback
        def work():
            try:
                pickle.dumps(lambda: 0)
            except Exception:
                traceback.print_exc()
            sys.exit(1)
        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=work)
            process.start()
            process.join()

        """
      ], verdict: "healthy", status: 0),
  ]

  @Test(arguments: errors + notes + healthy, Interpreters.all)
  func `each program gets its verdict and its line on every interpreter`(
    program: Program, interpreter: Interpreters.Interpreter
  ) throws {
    guard interpreter.isAtLeast(program.since) else { return }
    try judge(program, interpreter)
  }

  @Test(
    .enabled(if: Interpreters.python2 != nil, "there is no Python 2.7"),
    arguments: (errors + healthy).filter(\.isForPython2))
  func `programs for Python 2.7 get their verdict there`(program: Program) throws {
    try judge(program, #require(Interpreters.python2))
  }

  private func judge(_ program: Program, _ interpreter: Interpreters.Interpreter) throws {
    let folder = try ScratchFolder()
    for (name, text) in program.files { try folder.write(name, text) }
    let run = try Traced.run([interpreter.path, "main.py"], in: folder.path)
    let said = "\(run.outcome.standardError)"
    #expect(run.outcome.ending == "status \(program.status)", "\(said)")
    #expect(run.report?.verdict == program.verdict, "\(said)")
    let finding = run.report?.findings.first
    if program.verdict == "healthy" { #expect(finding == nil) }
    if let culprit = program.culprit {
      #expect(finding?.culprit?.path == folder.path + "/" + culprit.file)
      #expect(finding?.culprit?.line == culprit.line)
    }
    if let callSite = program.callSite {
      #expect(finding?.callSite?.path == folder.path + "/" + callSite.file)
      #expect(finding?.callSite?.line == callSite.line)
    }
  }
}
