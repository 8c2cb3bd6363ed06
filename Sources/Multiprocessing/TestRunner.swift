package import TraceModel

/// What the runners of tests look like from outside: unittest (and nose2, Django, trial, which use
/// it) and pytest.
package enum TestRunner {
  /// The variable in which pytest names the test that runs, as long as it does
  /// (src/_pytest/runner.py, `_update_current_test_var`, since 3.2).
  private static let variable = Array("PYTEST_CURRENT_TEST=".utf8)

  /// Returns the test that runs when a process is started, by the environment that the process is
  /// given: `tests/test_x.py::T::test_a (call)`.
  ///
  /// - Parameter block: `NAME=VALUE` entries, each with a NUL behind it.
  package static func test(in block: [UInt8]) -> String? {
    var rest = block[...]
    while !rest.isEmpty {
      let end = rest.firstIndex(of: 0) ?? rest.endIndex
      if rest.starts(with: variable) {
        return String(decoding: rest[..<end].dropFirst(variable.count), as: UTF8.self)
      }
      rest = rest[end...].dropFirst()
    }
    return nil
  }
}

/// What a runner's frame has called, farther inwards.
package enum TestCall: Hashable, Sendable {
  /// A test, or what a class of tests is prepared by.
  case test
  /// A suite, whose cases may run themselves in another way than unittest's, as trial's do.
  case suite
  /// A fixture of pytest's. The stack doesn't show which test asks for it.
  case fixture
}

extension PythonFrame {
  /// What the frame calls if it is a test runner's.
  package var testCall: TestCall? {
    // Few frames are of such a file, and names are compared one by one: case.py, suite.py,
    // python.py, fixtures.py.
    let bytes = path.utf8
    guard bytes.count > 10 else { return nil }
    switch bytes[bytes.index(bytes.endIndex, offsetBy: -4)] {
    case UInt8(ascii: "e"):
      if path.ends(with: "/unittest/case.py") {
        return Self.caseRunners.contains(function) ? .test : nil
      }
      guard path.ends(with: "/unittest/suite.py") else { return nil }
      return function == "_handleClassSetUp" || function == "_handleModuleFixture" ? .test : .suite
    case UInt8(ascii: "n"):
      return function == "pytest_pyfunc_call" && path.ends(with: "/_pytest/python.py") ? .test : nil
    case UInt8(ascii: "s"):
      let isFixture = function == "call_fixture_func" || function == "_teardown_yield_fixture"
      return isFixture && path.ends(with: "/_pytest/fixtures.py") ? .fixture : nil
    default: return nil
    }
  }

  private static let caseRunners = [
    "run", "__call__", "debug", "_callTestMethod", "_callSetUp", "_callTearDown", "_callCleanup",
  ]

  /// Whether the function's name is that of a test.
  package var isTest: Bool { function.hasPrefix("test") }
}
