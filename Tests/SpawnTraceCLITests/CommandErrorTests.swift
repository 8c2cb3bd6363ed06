import Input
import LinuxProcess
import Runs
import SystemPackage
import Testing
import TraceModel

@testable import Recording
@testable import SpawnTraceCLI

/// Errors become one line and a status, in one place.
struct CommandErrorTests {
  private static let call = SystemCallError("fork", .resourceTemporarilyUnavailable)

  /// Every error with a part of its message.
  private static let all: [(CommandError, String)] = [
    (.usage("unknown option --x"), "unknown option --x (see spawntrace --help)"),
    (.split(call), "cannot start the command: fork: "),
    (.live(.launch(.system(call))), "cannot start the command: fork: "),
    (.live(.launch(.lost)), "cannot start the command: "),
    (.live(.tracing(call)), "cannot go on tracing: fork: "),
    (.live(.recording(path: "/r", .system(.noSpace))), "cannot record to /r: \(Errno.noSpace)"),
    (.report(path: "/j", .system(.permissionDenied)), "report to /j: \(Errno.permissionDenied)"),
    (.export(path: nil, .system(.brokenPipe)), "standard output: \(Errno.brokenPipe)"),
    (.export(path: "/e", .system(.noSpace)), "cannot write to /e: \(Errno.noSpace)"),
    (.export(path: "/e", .foreignLink(path: "e")), "the symbolic link e belongs to another user"),
    (.report(path: "/e", .foreignFile), "it belongs to another user"),
    (.fix(path: "/e", .secondName), "it has another name"),
    (.fix(path: "/e", .inUse), "it is being written to already"),
    (.outputs(path: "/e", .input), "/e is the file to be read"),
    (.outputs(path: "/e", .command), "/e is a part of the command"),
    (.outputs(path: "/e", .options("--json", "--record")), "--json and --record have one file, /e"),
    (.replay(.unreadable(path: "/f", .torn)), "cannot read /f: the compressed file ends"),
    (.replay(.unreadable(path: "/f", .system(2))), "\(Errno.noSuchFileOrDirectory)"),
    (.replay(.empty(path: "/f")), "/f is empty"),
    (.replay(.unrecognised(path: "/f")), "/f is neither a recording"),
    (.replay(.notRecording(path: "/f")), "/f is a log of strace"),
    (.replay(.noHeader(path: "/f")), "/f has no whole header"),
    (
      .replay(
        .newerVersion(
          path: "/f", RecordingVersionError(version: 12, oldestReader: 11, tool: "7.8.9"))),
      "written by spawntrace 7.8.9"
    ),
    (.replay(.countTable(path: "/f")), "without -c"),
    (.replay(.folderWithoutLogs(path: "/f")), "/f is a folder"),
    (.replay(.severalRuns(path: "/f", count: 2, first: "a")), "spawntrace replay /f/a.*"),
    (.replay(.noThreadNumber(path: "/f")), "/f has no number of a thread"),
    (.replay(.differentRuns("/f.1", "/g.1")), "/f.1 and /g.1"),
    (.replay(.noLogs(name: "them")), "none of them"),
  ]

  @Test func `each error has a message in one line, and the status of its kind of command`() {
    for (error, part) in Self.all {
      #expect(error.message.contains(part), "\(error.message)")
      #expect(!error.message.contains("\n") && !error.message.hasSuffix("."))
      #expect(error.status(of: .run) == 125)
      #expect(error.status(of: .other) == 2)
    }
  }

  @Test(
    arguments: [
      ([], .run), (["--bogus"], .run), (["run", "replay"], .run), (["--", "replay"], .run),
      (["replay", "--bogus"], .other), (["export"], .other), (["explain", "x"], .other),
    ] as [([String], CommandKind)])
  func `the kind of a command is its first word's`(arguments: [String], kind: CommandKind) {
    #expect(CommandLineOptions.kind(of: arguments) == kind)
  }

  @Test func `a report or a recording that can't be created is an error, and nothing is run`() {
    var settings = RunSettings(command: ["true"])
    settings.reporting.json = "/proc/nowhere/report.json"
    #expect(
      message { try RunSession(settings) } == "cannot write the report to "
        + "/proc/nowhere/report.json: \(Errno.noSuchFileOrDirectory)")
    settings.reporting.json = nil
    settings.record = "/proc/nowhere/run.jsonl"
    #expect(
      message { try RunSession(settings) } == "cannot record to "
        + "/proc/nowhere/run.jsonl: \(Errno.noSuchFileOrDirectory)")
    #expect(
      message { try ExportSession(ExportSettings(file: "/proc/nowhere/run.jsonl")) }
        == "cannot read /proc/nowhere/run.jsonl: \(Errno.noSuchFileOrDirectory)")
    #expect(
      message { try ReplaySession(ReplaySettings(files: ["/proc/nowhere/run.jsonl"])).run() }
        == "cannot read /proc/nowhere/run.jsonl: \(Errno.noSuchFileOrDirectory)")
  }

  private func message(_ body: () throws -> Any) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? CommandError)?.message
    }
  }

  // MARK: Tracing that is refused

  @Test(
    arguments: [
      (.tracedAlready(by: ProcessID(rawValue: 77)), "by process 77", "outside of that tracer"),
      (.yama(scope: 2), "ptrace_scope is 2", "sysctl kernel.yama.ptrace_scope=1"),
      (.yama(scope: 3), "ptrace_scope is 3", "undone only by a reboot"),
      (.seccompFilter, "seccomp filter", "--cap-add=SYS_PTRACE"),
      (.unknown, "security module", "logs"),
    ] as [(TracingObstacle, String, String)])
  func `each obstacle has its remedy`(obstacle: TracingObstacle, cause: String, remedy: String) {
    let text = LiveRunError.launch(.tracingRefused(.notPermitted, obstacle)).message
    #expect(text.hasPrefix("cannot trace: ptrace was refused ("))
    #expect(text.contains("\(Errno.notPermitted)"))
    #expect(text.contains(cause))
    #expect(text.contains(remedy))
    #expect(!text.contains("\n"))
  }

  @Test func `a reboot is asked for only if it is needed`() {
    let text = LiveRunError.launch(.tracingRefused(.notPermitted, .yama(scope: 2))).message
    #expect(!text.contains("reboot"))
  }

  @Test func `the statuses of env(1)`() {
    #expect(ExitStatus.notExecuted(.noSuchFileOrDirectory) == 127)
    #expect(ExitStatus.notExecuted(.permissionDenied) == 126)
    #expect(ExitStatus.notExecuted(.isDirectory) == 126)
    #expect(ExitStatus.notExecuted(.notDirectory) == 126)
  }
}
