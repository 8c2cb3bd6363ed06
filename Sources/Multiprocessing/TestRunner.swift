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

extension PythonFrame {
  /// Whether the frame runs a test, or what a class of tests is prepared by.
  package var runsTest: Bool {
    switch function {
    case "run", "__call__", "debug", "_callTestMethod", "_callSetUp", "_callTearDown",
      "_callCleanup":
      path.ends(with: "/unittest/case.py")
    case "_handleClassSetUp", "_handleModuleFixture": path.ends(with: "/unittest/suite.py")
    case "pytest_pyfunc_call": path.ends(with: "/_pytest/python.py")
    default: false
    }
  }

  /// Whether the function's name is that of a test.
  package var isTest: Bool { function.utf8.starts(with: "test".utf8) }
}
