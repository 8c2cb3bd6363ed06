import TestSupport
import Testing

/// The test that asked for the workers of a finding.
struct TestNameTests {
  private static let thing = """
    import multiprocessing, os, signal, threading
    def end():
        os.kill(os.getpid(), signal.SIGSEGV)
    def run(method):
        process = multiprocessing.get_context(method).Process(target=end)
        process.start()
        process.join()
        assert process.exitcode == -signal.SIGSEGV

    """

  /// Runs a program, and returns the tests of its findings about workers that died.
  private func tests(
    _ interpreter: Interpreters.Interpreter, _ files: [String: String], _ arguments: [String],
    environment: [String: String] = [:]
  ) throws -> [String?] {
    let folder = try ScratchFolder()
    try folder.write("thing.py", Self.thing)
    for (name, text) in files { try folder.write(name, text) }
    let run = try Traced.run(
      [interpreter.path] + arguments, in: folder.path, environment: environment)
    let findings = try #require(run.report, "\(run.outcome.standardError)").findings
    #expect(findings.allSatisfy { $0.rule == "ST202" })
    for case let test? in findings.map(\.test) {
      #expect(run.outcome.standardError.contains("= test: \(test)\n"))
    }
    return findings.map(\.test)
  }

  @Test(arguments: Interpreters.all, ["spawn", "fork", "forkserver"])
  func `a test of unittest, by the stack`(
    interpreter: Interpreters.Interpreter, method: String
  ) throws {
    let text = """
      import unittest
      import thing

      class ThingTest(unittest.TestCase):
          def test_before(self):
              pass

          def test_run(self):
              self.assertIsNone(self.indirect("\(method)"))

          def indirect(self, method):
              return thing.run(method)

      """
    #expect(
      try tests(interpreter, ["test_thing.py": text], ["-m", "unittest", "test_thing"])
        == ["test_thing.py::ThingTest::test_run"])
  }

  @Test(arguments: Interpreters.all.filter { $0.isAtLeast(11) })
  func `what prepares a class, and a coroutine, are named, too`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let text = """
      import unittest
      import thing

      class Prepared(unittest.TestCase):
          @classmethod
          def setUpClass(cls):
              thing.run("spawn")
          def test_nothing(self):
              pass

      """
    #expect(
      try tests(interpreter, ["test_a.py": text], ["-m", "unittest", "test_a"])
        == ["test_a.py::Prepared::setUpClass"])
    let coroutine = """
      import unittest
      import thing

      class Later(unittest.IsolatedAsyncioTestCase):
          async def test_later(self):
              thing.run("fork")

      """
    #expect(
      try tests(interpreter, ["test_b.py": coroutine], ["-m", "unittest", "test_b"])
        == ["test_b.py::Later::test_later"])
  }

  /// Sets the variable as pytest does (src/_pytest/runner.py, `_update_current_test_var`).
  private static let pytest = """
    import os, subprocess, sys
    import thing
    if __name__ == "__main__":
        os.environ["PYTEST_CURRENT_TEST"] = "tests/test_x.py::T::test_a[1] (call)"
        START
        os.environ.pop("PYTEST_CURRENT_TEST")

    """

  @Test(arguments: [
    ("thing.run('spawn')", "tests/test_x.py::T::test_a[1]" as String?),
    // A program that the test runs.
    (
      "subprocess.run([sys.executable, '-c', 'import thing; thing.run(\"spawn\")'])",
      "tests/test_x.py::T::test_a[1]"
    ),
    // A fork has no environment of its own, and no stack says it.
    ("thing.run('fork')", nil),
  ])
  func `a test of pytest, by the worker's environment`(start: String, test: String?) throws {
    let text = Self.pytest.replacing("START", with: start)
    #expect(
      try tests(Interpreters.newest(), ["main.py": text], ["main.py"]) == [test])
  }

  /// As if a test ran spawntrace.
  @Test func `a test outside of the run asks for nothing`() throws {
    let text = "import thing\nif __name__ == '__main__': thing.run('spawn')\n"
    #expect(
      try tests(
        Interpreters.newest(), ["main.py": text], ["main.py"],
        environment: ["PYTEST_CURRENT_TEST": "outer.py::test (call)"]) == [nil])
  }

  @Test func `a secret in a test's name is not recorded`() throws {
    let text = Self.pytest.replacing("START", with: "thing.run('spawn')")
      .replacing("[1]", with: "[hunter2hunter2]")
    #expect(
      try tests(
        Interpreters.newest(), ["main.py": text], ["main.py"],
        environment: ["DB_PASSWORD": "hunter2hunter2"])
        == ["tests/test_x.py::T::test_a[[redacted]]"])
  }
}
