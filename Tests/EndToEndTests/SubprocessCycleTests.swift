import TestSupport
import Testing

/// Circles that go through workers, forks, shells, make and several scripts: the culprit is the
/// statement that runs the next program.
@Suite(.serialized)
struct SubprocessCycleTests {
  struct Program: Sendable, CustomTestStringConvertible {
    var name: String
    var files: [String: String]
    var culprit: (file: String, line: Int)
    var title: String
    var testDescription: String { name }
  }

  /// Ends a program in any case, long after its proof.
  private static let belt =
    "import multiprocessing, os, signal, subprocess, sys; signal.alarm(60)\n"

  private static func worker(_ method: String) -> Program {
    Program(
      name: "a \(method) worker runs the script",
      files: [
        "main.py": belt + """
          def work():
              subprocess.run([sys.executable, "main.py"])
          if __name__ == "__main__":
              process = multiprocessing.get_context("\(method)").Process(target=work)
              process.start()
              process.join()

          """
      ], culprit: ("main.py", 3), title: "main.py starts itself, again and again")
  }

  static let programs = [
    worker("spawn"), worker("forkserver"), worker("fork"),
    Program(
      name: "a fork runs the script",
      files: [
        "main.py": belt + """
          if os.fork() == 0:
              subprocess.run([sys.executable, "main.py"])
              os._exit(0)
          os.wait()

          """
      ], culprit: ("main.py", 3), title: "main.py starts itself, again and again"),
    Program(
      name: "a worker replaces itself by the script",
      files: [
        "main.py": belt + """
          def work():
              os.execv(sys.executable, [sys.executable, "main.py"])
          if __name__ == "__main__":
              process = multiprocessing.get_context("spawn").Process(target=work)
              process.start()
              process.join()

          """
      ], culprit: ("main.py", 3), title: "main.py starts itself, again and again"),
    Program(
      name: "a Pool's task runs make",
      files: [
        "Makefile": "all:\n\t$(PY) main.py\n",
        "main.py": belt + """
          def build(target):
              return subprocess.call(["make", "-s", "PY=" + sys.executable, target])
          if __name__ == "__main__":
              with multiprocessing.get_context("spawn").Pool(1) as pool:
                  pool.map(build, ["all"])

          """,
      ], culprit: ("main.py", 3), title: "main.py starts itself through make"),
    Program(
      name: "an executor's task runs another script, which runs the first one by a shell",
      files: [
        "main.py": belt + """
          from concurrent.futures import ProcessPoolExecutor
          def go():
              return os.system(sys.executable + " other.py; true")
          if __name__ == "__main__":
              with ProcessPoolExecutor(1) as pool:
                  pool.submit(go).result()

          """,
        "other.py": belt + "os.system(sys.executable + ' main.py; true')\n",
      ], culprit: ("main.py", 4), title: "main.py starts itself through"),
    Program(
      name: "a helper at the margin runs the script, and so does the worker's module",
      files: [
        "helper.py": belt + """
          def again():
              subprocess.call(["sh", "-c", "$PY main.py; true"], env=dict(os.environ, PY=sys.executable))

          """,
        "main.py": "import helper\nhelper.again()\n",
      ], culprit: ("main.py", 2), title: "main.py starts itself through"),
  ]

  @Test(
    arguments: programs, Interpreters.all.filter { ["3.8", "3.12", "3.14"].contains($0.version) })
  func `the culprit runs the next program`(
    program: Program, interpreter: Interpreters.Interpreter
  ) throws {
    let folder = try ScratchFolder()
    for (name, text) in program.files { try folder.write(name, text) }
    let run = try Traced.run([interpreter.path, "main.py"], in: folder.path)
    let report = try #require(run.report, "\(run.outcome.standardError)")
    #expect(report.verdict == "subprocess-cycle" && run.outcome.status == 112)
    let finding = try #require(report.findings.first)
    #expect(finding.culprit?.path == folder.file(program.culprit.file))
    #expect(finding.culprit?.line == program.culprit.line)
    #expect(finding.title.hasPrefix(program.title))
  }
}
