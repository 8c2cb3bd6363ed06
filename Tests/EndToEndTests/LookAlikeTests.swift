import Foundation
import TestSupport
import Testing

/// Healthy programs that look like a cycle, and cycles that look unlike the usual one.
@Suite(.serialized)
struct LookAlikeTests {
  /// A program without a finding, or with a cycle at a place.
  struct Program: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    var arguments = ["main.py"]
    /// File and line; nil if the program is healthy.
    var culprit: (file: String, line: Int)?
    /// The lowest minor version that it runs on.
    var since = 6
    /// How certain the finding is.
    var certainty = "proven"
    /// Whether system calls and texts alone are enough to decide it.
    var isDecidedByCalls = true
    /// The note that it gets if stacks are read.
    var note: String?
    var testDescription: String { name }
  }

  private static let guardedPool = """
    import multiprocessing, sys

    def square(number): return number * number

    if __name__ == "__main__":
        with multiprocessing.get_context("METHOD").Pool(2) as pool:
            pool.map(square, range(4))

    """

  private static let start = "get_context('spawn').Process(target=print).start()"

  static let healthy = [
    Program(
      name: "a worker is given a connection",
      files: [
        "main.py": """
        import multiprocessing

        def work(connection): connection.send("done")

        if __name__ == "__main__":
            context = multiprocessing.get_context("spawn")
            reader, writer = context.Pipe()
            process = context.Process(target=work, args=(writer,))
            process.start()
            reader.recv()
            process.join()

        """
      ]),
    Program(
      name: "the script imports the module that starts workers",
      files: [
        "main.py": "import multiprocessing.popen_spawn_posix, multiprocessing.popen_forkserver\n"
          + guardedPool.replacingOccurrences(of: "METHOD", with: "spawn")
      ]),
    Program(
      name: "a guarded spawn pool",
      files: ["main.py": guardedPool.replacingOccurrences(of: "METHOD", with: "spawn")]),
    Program(
      name: "a guarded forkserver pool",
      files: ["main.py": guardedPool.replacingOccurrences(of: "METHOD", with: "forkserver")]),
    Program(
      name: "a fork pool that each worker's import starts again",
      files: [
        "main.py": """
        import multiprocessing

        def work(): pass

        with multiprocessing.get_context("fork").Pool(2) as pool:
            pool.map(abs, range(4))
        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=work)
            process.start()
            process.join()

        """
      ], note: "reexec-side-effect"),
    Program(
      name: "a worker starts a worker when it is ready",
      files: [
        "main.py": """
        import multiprocessing

        def inner(): pass

        def work():
            process = multiprocessing.get_context("spawn").Process(target=inner)
            process.start()
            process.join()

        if __name__ == "__main__":
            process = multiprocessing.get_context("spawn").Process(target=work)
            process.start()
            process.join()

        """
      ]),
    Program(
      name: "each worker makes a lock, which sends a message to the tracker",
      files: [
        "main.py": "import multiprocessing\nlock = multiprocessing.get_context('spawn').Lock()\n"
          + guardedPool.replacingOccurrences(of: "METHOD", with: "spawn")
      ]),
    Program(
      name: "the script prints CPython's error message itself",
      files: [
        "main.py": """
        import multiprocessing.popen_spawn_posix, multiprocessing.popen_forkserver, sys
        sys.stderr.write("An attempt has been made to start a new process before the end\\n")

        """ + guardedPool.replacingOccurrences(of: "METHOD", with: "spawn")
      ], isDecidedByCalls: false),
  ]

  static let cycles = [
    Program(
      name: "in a helper of a guarded script",
      files: [
        "main.py": "import helper\nif __name__ == '__main__': print(helper)\n",
        "helper.py": "import multiprocessing\n\nmultiprocessing.\(start)\n",
      ], culprit: ("helper.py", 3)),
    Program(
      name: "a module run by -m",
      files: [
        "pkg/__init__.py": "", "pkg/tool.py": "import multiprocessing\nmultiprocessing.\(start)\n",
      ],
      arguments: ["-m", "pkg.tool"], culprit: ("pkg/tool.py", 2)),
    Program(
      name: "a script with a name of its own",
      files: ["tést runner": "import multiprocessing\nmultiprocessing.\(start)\n"],
      arguments: ["tést runner"], culprit: ("tést runner", 2)),
    Program(
      name: "run by another script's runpy",
      files: [
        "main.py":
          "import runpy\nif __name__ == '__main__': runpy.run_path('inner.py', run_name='__main__')\n",
        "inner.py": "import multiprocessing\nmultiprocessing.\(start)\n",
      ], culprit: ("inner.py", 2)),
    Program(
      name: "an error that is swallowed, in a block, over several lines",
      files: [
        "main.py": """
        import multiprocessing

        def work(): pass

        try:
            if True:
                process = multiprocessing.get_context("forkserver").Process(
                    target=work)
                process.start()
                process.join()
        except RuntimeError:
            pass

        """
      ], culprit: ("main.py", 9), isDecidedByCalls: false),
    Program(
      name: "the module that starts workers was loaded before",
      files: [
        "main.py": "import multiprocessing.popen_spawn_posix\nmultiprocessing.\(start)\n"
      ], culprit: ("main.py", 2)),
    Program(
      name: "the module that asks a server for workers was loaded before",
      files: [
        "main.py": """
        import multiprocessing.popen_forkserver
        multiprocessing.get_context("forkserver").Process(target=print).start()

        """
      ], culprit: ("main.py", 2), certainty: "likely"),
    Program(
      name: "an executor",
      files: [
        "main.py": """
        import concurrent.futures, multiprocessing

        context = multiprocessing.get_context("spawn")
        with concurrent.futures.ProcessPoolExecutor(2, mp_context=context) as executor:
            print(list(executor.map(abs, range(4))))

        """
      ], culprit: ("main.py", 5), since: 7),
    Program(
      name: "a manager",
      files: [
        "main.py": "import multiprocessing\nmultiprocessing.get_context('spawn').Manager()\n"
      ],
      culprit: ("main.py", 2)),
    Program(
      name: "the default method",
      files: ["main.py": "import multiprocessing\nmultiprocessing.Process(target=print).start()\n"],
      culprit: ("main.py", 2), since: 14),
  ]

  /// The evidence that is used: stacks and system calls, or system calls alone.
  static let ways = ["all", "calls"]

  private func run(
    _ program: Program, _ interpreter: Interpreters.Interpreter, by way: String
  ) throws -> (run: Traced.Run, folder: ScratchFolder) {
    let folder = try ScratchFolder()
    for (name, text) in program.files { try folder.write(name, text) }
    let run = try Traced.run(
      [interpreter.path] + program.arguments, options: ["--evidence=\(way)"], in: folder.path)
    return (run, folder)
  }

  @Test(
    arguments: healthy.flatMap { program in
      (program.isDecidedByCalls ? ways : ["all"]).map { (program, $0) }
    }, Interpreters.all)
  func `healthy programs get no finding, by all evidence and by system calls alone`(
    case: (program: Program, way: String), interpreter: Interpreters.Interpreter
  ) throws {
    let (program, way) = `case`
    let run = try run(program, interpreter, by: way).run
    #expect(run.outcome.ending == "status 0", "\(run.outcome.standardError)")
    guard program.note == nil else {
      #expect(run.report?.verdict == program.note)
      return
    }
    #expect(run.report?.verdict == "healthy")
    #expect(!run.outcome.standardError.contains("spawntrace"))
  }

  @Test(arguments: cycles, Interpreters.all)
  func `cycles are found at the line to guard`(
    program: Program, interpreter: Interpreters.Interpreter
  ) throws {
    guard interpreter.isAtLeast(program.since) else { return }
    let (run, folder) = try run(program, interpreter, by: "all")
    #expect(run.outcome.ending == "status 112", "\(run.outcome.standardError)")
    let finding = try #require(run.report?.findings.first)
    let culprit = try #require(program.culprit)
    #expect(finding.culprit?.path == folder.path + "/" + culprit.file)
    #expect(finding.culprit?.line == culprit.line)
    #expect(finding.certainty == program.certainty)
  }

  @Test(arguments: cycles.filter(\.isDecidedByCalls), Interpreters.all)
  func `by system calls and texts alone the same cycles are likely, in the same file`(
    program: Program, interpreter: Interpreters.Interpreter
  ) throws {
    guard interpreter.isAtLeast(program.since) else { return }
    let (run, folder) = try run(program, interpreter, by: "calls")
    #expect(run.outcome.ending == "status 112", "\(run.outcome.standardError)")
    let finding = try #require(run.report?.findings.first)
    let culprit = try #require(program.culprit)
    #expect(finding.certainty == "likely")
    #expect(finding.culprit?.path == folder.path + "/" + culprit.file)
    #expect(finding.culprit?.line == culprit.line || finding.culprit?.line == nil)
    #expect(run.report?.findings.count == 1)
    // No stack was read.
    #expect(run.report?.findings.first?.nativeStack.isEmpty == true)
  }
}
