import Testing
import TraceModel

@testable import Analysis

/// Tests in the frames of stacks.
struct TestNameTests {
  private func name(_ frames: [PythonFrame]) -> String? {
    StartSite(
      PythonCallStack(version: PythonVersion(major: 3, minor: 12), frames: frames), in: "/w"
    )
    .test?.text(in: "/w")
  }

  private func frame(_ path: String, _ function: String, _ qualified: String? = nil) -> PythonFrame
  {
    PythonFrame(path: path, line: 1, function: function, qualifiedName: qualified)
  }

  private static let library = "/usr/lib/python3.12"

  private func unittest(_ function: String) -> PythonFrame {
    frame(Self.library + "/unittest/case.py", function)
  }

  @Test func `the function that the innermost runner calls, whatever it calls itself`() {
    let outer = [
      frame("/w/t/test_a.py", "test_a", "A.test_a"), unittest("_callTestMethod"), unittest("run"),
      frame("/w/run.py", "<module>"),
    ]
    #expect(name([frame("/w/thing.py", "test_helper")] + outer) == "t/test_a.py::A::test_a")
    // assertRaises calls back.
    #expect(
      name([frame("/w/thing.py", "work"), unittest("handle")] + outer) == "t/test_a.py::A::test_a")
    // A decorator of the program's own.
    #expect(
      name([
        frame("/w/t/test_a.py", "test_a", "A.test_a"), frame("/w/tools.py", "wrapper"),
        unittest("_callTestMethod"), unittest("run"),
      ]) == "t/test_a.py::A::test_a")
    #expect(
      name([
        frame("/w/b.py", "setUp", "B.setUp"), unittest("_callSetUp"), unittest("run"),
      ]) == "b.py::B::setUp")
  }

  @Test func `pytest's function, and an installed package's test`() {
    let site = "/venv/lib/python3.12/site-packages"
    let runner = frame(site + "/_pytest/python.py", "pytest_pyfunc_call")
    #expect(name([frame("/w/test_x.py", "test_y"), runner]) == "test_x.py::test_y")
    #expect(
      name([
        frame(site + "/pandas/core.py", "start"), frame(site + "/pandas/tests/test_z.py", "test_z"),
        runner,
      ]) == site + "/pandas/tests/test_z.py::test_z")
  }

  /// The innermost runner's is nearest; which test asked for the fixture isn't on the stack.
  @Test func `pytest's fixture is named as one`() {
    let site = "/venv/lib/python3.12/site-packages"
    let fixture = frame(site + "/_pytest/fixtures.py", "call_fixture_func")
    #expect(
      name([frame("/w/conftest.py", "server"), fixture, frame("/w/run.py", "<module>")])
        == "conftest.py::server (fixture)")
  }

  /// trial's cases run themselves (twisted/trial/_asynctest.py).
  @Test func `a suite's test is one with a test's name`() {
    let trial = frame("/venv/lib/python3.12/site-packages/twisted/trial/_asynctest.py", "_run")
    let suite = frame(Self.library + "/unittest/suite.py", "__call__")
    #expect(
      name([frame("/w/thing.py", "run"), frame("/w/test_t.py", "test_t", "T.test_t"), trial, suite])
        == "test_t.py::T::test_t")
    #expect(name([frame("/w/suites.py", "run", "MySuite.run"), suite]) == nil)
  }

  @Test func `no runner, no test`() {
    #expect(name([frame("/w/test_x.py", "test_y"), frame("/w/run.py", "<module>")]) == nil)
    #expect(name([frame("/w/case.py", "run"), frame("/w/run.py", "<module>")]) == nil)
    #expect(name([unittest("run"), frame("/w/run.py", "<module>")]) == nil)
  }
}
