import TestSupport
import Testing

/// Scripts that run more than once without harm, and start methods.
struct RepeatedMainTests {
  /// Runs a program, and returns what spawntrace has printed.
  private func run(
    _ interpreter: Interpreters.Interpreter, _ text: String, options: [String] = [],
    environment: [String: String] = [:]
  ) throws -> String {
    let folder = try ScratchFolder()
    try folder.write("main.py", text)
    let run = try Traced.run(
      [interpreter.path, "main.py"], options: options, in: folder.path, environment: environment)
    return run.outcome.standardError
  }

  private static let guarded = """
    import multiprocessing
    if __name__ == "__main__":
        with multiprocessing.get_context("METHOD").Pool(1) as pool:
            pool.map(abs, range(4))

    """

  /// What the full report, and `-v`, say of a program that runs twice.
  static let programs: [(name: String, since: Int, text: String, full: String, line: String)] = [
    (
      "a spawn worker", 6, guarded.replacing("METHOD", with: "spawn"),
      "imports it as `__mp_main__`: spawn prepares each worker so",
      "imports main.py again as __mp_main__: spawn prepares its workers so"
    ),
    (
      "a forkserver", 14, guarded.replacing("METHOD", with: "forkserver"),
      "imports it as `__mp_main__`, once for all of its workers",
      "imports main.py again as __mp_main__: forkserver prepares its workers so"
    ),
    (
      "a reloader's child", 6,
      """
      import os, subprocess, sys
      if "RUN_MAIN" not in os.environ:
          subprocess.run([sys.executable] + sys.argv, env=dict(os.environ, RUN_MAIN="true"))

      """, "as reloaders do, with `RUN_MAIN` set", "main.py as __main__ again (with RUN_MAIN)"
    ),
    (
      "a restart by a shell", 6,
      """
      import os, sys
      if "RUN_MAIN" not in os.environ:
          os.environ["RUN_MAIN"] = "true"
          os.system(sys.executable + " main.py; true")

      """, "as reloaders do, with `RUN_MAIN` set", "main.py as __main__ again (with RUN_MAIN)"
    ),
    (
      "a program that replaces itself", 6,
      """
      import os, sys
      if "DONE" not in os.environ:
          os.environ["DONE"] = "1"
          os.execv(sys.executable, [sys.executable] + sys.argv)

      """, "has replaced itself by it once (execve)", "main.py as __main__ again (execve 1)"
    ),
    (
      "a child that ends by a file", 6,
      """
      import os, subprocess, sys
      if not os.path.exists("done"):
          open("done", "w").close()
          subprocess.run([sys.executable] + sys.argv)

      """, ", as `__main__`: started by pid ", "main.py as __main__ again, asked for by"
    ),
  ]

  @Test(arguments: programs.indices, Interpreters.all.filter { $0.isAtLeast(8) })
  func `the full report and -v say which process runs main again, and why`(
    index: Int, interpreter: Interpreters.Interpreter
  ) throws {
    let program = Self.programs[index]
    guard interpreter.isAtLeast(program.since) else { return }
    let text = try run(interpreter, program.text, options: ["--report", "full", "-v"])
    #expect(text.contains("why main.py runs more than once:\n"))
    #expect(text.contains(program.full) && text.contains(program.line))
    #expect(text.split(separator: "\n").filter { $0.contains("again") }.count <= 2)
  }

  @Test func `a script that runs once, and one with other arguments, are not named`() throws {
    for text in [
      "import subprocess; subprocess.run(['true'])\n",
      """
      import subprocess, sys
      if len(sys.argv) == 1:
          subprocess.run([sys.executable, "main.py", "child"])

      """, Self.guarded.replacing("METHOD", with: "fork"),
    ] {
      let shown = try run(Interpreters.newest(), text, options: ["--report", "full", "-v"])
      #expect(!shown.contains("more than once") && !shown.contains("again"))
      #expect(shown.contains("start method: fork, ") == text.contains("multiprocessing"))
    }
  }

  // MARK: Start methods

  private static let crash = """
    import multiprocessing, os
    def end():
        os.abort()
    if __name__ == "__main__":
        CHOICE
        process = MAKER.Process(target=end)
        process.start()
        process.join()

    """

  private func note(
    _ interpreter: Interpreters.Interpreter, _ choice: String, _ maker: String = "multiprocessing"
  ) throws -> String? {
    let text = Self.crash.replacing("CHOICE", with: choice).replacing("MAKER", with: maker)
    let shown = try run(interpreter, text, environment: ["METHOD": "spawn"])
    return shown.split(separator: "\n").first { $0.contains("= start method: ") }
      .map { String($0.drop { $0 != "=" }.dropFirst("= start method: ".count)) }
  }

  @Test(arguments: Interpreters.all)
  func `the default is named with its version`(interpreter: Interpreters.Interpreter) throws {
    let python = "Python \(interpreter.version)'s default on Linux"
    #expect(
      try note(interpreter, "pass")
        == (interpreter.isAtLeast(14)
          ? "forkserver, \(python) (before 3.14: fork)"
          : "fork, \(python) (since 3.14: forkserver)"))
  }

  @Test(arguments: Interpreters.all)
  func `a choice is named with its line, if one line names the method`(
    interpreter: Interpreters.Interpreter
  ) throws {
    #expect(
      try note(interpreter, "multiprocessing.set_start_method('spawn')")
        == "spawn, chosen by the program: `set_start_method` at main.py:5")
    #expect(
      try note(interpreter, "pass", "multiprocessing.get_context(\"spawn\")")
        == "spawn, chosen by the program: `get_context` at main.py:6")
    // The default context asks that of the method.
    #expect(
      try note(interpreter, "multiprocessing.set_start_method(os.environ['METHOD'])")
        == "spawn, chosen by set_start_method")
    #expect(
      try note(interpreter, "pass", "multiprocessing.get_context(os.environ['METHOD'])")
        == "spawn, chosen by the program or a library (a context, or set_start_method)")
    // A comment is no choice, and of two lines neither is known to be the one.
    #expect(
      try note(
        interpreter, "name = os.environ['METHOD']  # get_context('fork')",
        "multiprocessing.get_context(name)")
        == "spawn, chosen by the program or a library (a context, or set_start_method)")
  }
}
