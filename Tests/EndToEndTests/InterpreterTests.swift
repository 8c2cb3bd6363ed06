import TestSupport
import Testing

/// What the other tests run on.
struct InterpreterTests {
  @Test("CI has every interpreter that the product supports; elsewhere there is one at least")
  func found() {
    #expect(!Interpreters.all.isEmpty, "no CPython 3.6 to 3.15 in pyenv, on PATH or under PYTHONS")
    #expect(Interpreters.missing.isEmpty, "CI lacks \(Interpreters.missing)")
  }
}
