import LinuxProcess
import SystemPackage
import Testing
import TraceModel

@testable import SpawnTraceCLI

/// What a user reads who can't trace: what is wrong, and what can be done about it.
struct LaunchFailureTests {
  @Test(
    "Each obstacle has its remedy",
    arguments: [
      (.tracedAlready(by: ProcessID(rawValue: 77)), "by process 77", "outside of that tracer"),
      (.yama(scope: 2), "ptrace_scope is 2", "sysctl kernel.yama.ptrace_scope=1"),
      (.yama(scope: 3), "ptrace_scope is 3", "undone only by a reboot"),
      (.seccompFilter, "seccomp filter", "--cap-add=SYS_PTRACE"),
      (.unknown, "security module", "logs"),
    ] as [(TracingObstacle, String, String)])
  func refused(obstacle: TracingObstacle, cause: String, remedy: String) {
    let text = LaunchError.tracingRefused(.notPermitted, obstacle).explanation
    #expect(text.hasPrefix("cannot trace: ptrace was refused ("))
    #expect(text.contains("\(Errno.notPermitted)"))
    #expect(text.contains(cause))
    #expect(text.contains(remedy))
    #expect(!text.contains("\n"))
  }

  @Test("A reboot is asked for only where it is needed")
  func noReboot() {
    let text = LaunchError.tracingRefused(.notPermitted, .yama(scope: 2)).explanation
    #expect(!text.contains("reboot"))
  }

  @Test("Failures of the system are told with their call")
  func system() {
    let text = LaunchError.system(SystemCallError("fork", .resourceTemporarilyUnavailable))
      .explanation
    #expect(text == "cannot start the command: fork: \(Errno.resourceTemporarilyUnavailable)")
    #expect(LaunchError.lost.explanation.hasPrefix("cannot start the command: "))
  }

  @Test("The statuses of env(1)")
  func statuses() {
    #expect(ExitStatus.notExecuted(.noSuchFileOrDirectory) == 127)
    #expect(ExitStatus.notExecuted(.permissionDenied) == 126)
    #expect(ExitStatus.notExecuted(.isDirectory) == 126)
    #expect(ExitStatus.notExecuted(.notDirectory) == 126)
  }
}
