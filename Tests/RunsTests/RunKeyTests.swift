import Glibc
import Redaction
import TestSupport
import Testing

@testable import Runs

/// Whose key a recording has.
struct RunKeyTests {
  @Test func `the user's own, made once`() throws {
    let folder = try ScratchFolder()
    let variables = [(name: "XDG_STATE_HOME", value: folder.file("state"))]
    let key = RunKey.ofRecordings(variables)
    #expect(RunKey.ofRecordings(variables) == key)
    let path = folder.file("state/spawntrace/key")
    var status = stat()
    #expect(stat(path, &status) == 0)
    #expect(status.st_mode & 0o777 == 0o600)
    #expect(status.st_size == 32)
    // One that others can read is none.
    chmod(path, 0o644)
    #expect(RunKey.ofRecordings(variables) != key)
  }

  @Test func `the secret's in the environment`() {
    let variables = [(name: "SPAWNTRACE_KEY", value: "0123456789abcdef")]
    #expect(RunKey.ofRecordings(variables) == RecordingKey(secret: "0123456789abcdef".utf8))
  }

  @Test func `a key of its own where none can be kept`() {
    for variables in [[], [("HOME", "relative")], [("HOME", "/proc/nothing")]] {
      let named = variables.map { (name: $0.0, value: $0.1) }
      #expect(RunKey.ofRecordings(named) != RunKey.ofRecordings(named))
    }
  }
}
