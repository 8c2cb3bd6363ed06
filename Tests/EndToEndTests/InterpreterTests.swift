import TestSupport
import Testing

/// The interpreters that the other tests run on.
struct InterpreterTests {
  @Test func `there is an interpreter, and each that REQUIRED_PYTHONS names`() {
    #expect(!Interpreters.all.isEmpty, "no CPython 3.6 to 3.15 in pyenv, on PATH or under PYTHONS")
    #expect(
      Interpreters.missing.isEmpty,
      """
      this machine must have \(Interpreters.required) and lacks \(Interpreters.missing); \
      ../shared/pythons/unpack, which .ci/run calls, has 3.14 and 3.15, the others are pyenv's
      """)
    // A version that isn't supported can't be found.
    #expect(Set(Interpreters.required).isSubset(of: Interpreters.supported))
  }
}
