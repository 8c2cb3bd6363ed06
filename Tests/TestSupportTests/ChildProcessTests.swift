import Foundation
import TestSupport
import Testing

/// What all end-to-end tests rely on: a command is run unchanged, and none runs for ever.
struct ChildProcessTests {
  @Test func `status, signal, output and input are distinguished`() throws {
    let said = try ChildProcess.run(["sh", "-c", "cat; echo bad >&2; exit 7"], input: "in\n")
    #expect(said.ending == "status 7" && said.status == 7 && said.signal == nil)
    #expect(said.standardOutput == "in\n" && said.standardError == "bad\n")
    let killed = try ChildProcess.run(["sh", "-c", "kill -TERM $$"])
    #expect(killed.ending == "signal 15" && killed.status == nil && !killed.timedOut)
  }

  @Test func `a command that isn't there is an error that names it`() throws {
    let error = try #require(throws: ChildProcess.Failure.self) {
      try ChildProcess.run(["/nowhere/at/all", "x"])
    }
    #expect(error.description == "cannot run /nowhere/at/all x: No such file or directory")
  }

  @Test(arguments: ["", "setsid "])
  func `a command that hangs is killed with its children, and has timed out`(session: String) throws
  {
    let folder = try ScratchFolder()
    let began = ContinuousClock.now
    let outcome = try ChildProcess.run(
      ["sh", "-c", "trap '' TERM INT HUP; \(session)sleep 100 & echo $! > child; wait"],
      in: folder.path, timeout: 0.3)
    #expect(outcome.timedOut && outcome.ending == "timed out")
    #expect(ContinuousClock.now - began < .seconds(20))
    let child = try #require(
      Int(folder.read("child")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""))
    // SIGKILL was sent to it; it is gone as soon as the kernel gets to it.
    while isAlive(child) { usleep(1000) }
  }

  @Test func `the command inherits nothing of the test runner`() throws {
    let lines = """
      sed -n 's/^Sig[BIC][lga][knt]:.*\\(.\\{7\\}\\)$/\\1/p' /proc/self/status; ls /proc/self/fd
      """
    let outcome = try ChildProcess.run(["sh", "-c", lines])
    // Signals 1 to 28: the C library has some of the higher ones for itself. 3 is the folder's own.
    let none = "0000000"
    #expect(
      outcome.standardOutput == [none, none, none, "0", "1", "2", "3", ""].joined(separator: "\n"))
  }

  @Test(arguments: [[], [0], [1], [2], [0, 1, 2]] as [[Int32]])
  func `descriptors are closed as asked`(descriptors: [Int32]) throws {
    let script = """
      closed=0
      for f in 0 1 2; do test -e /proc/$$/fd/$f || closed=$((closed + (1 << f))); done
      exit $closed
      """
    let outcome = try ChildProcess.run(["sh", "-c", script], closing: descriptors)
    #expect(outcome.status == descriptors.reduce(0) { $0 | 1 << $1 })
  }
}
