import Analysis
import Input
import TestSupport
import Testing
import TraceModel

@testable import Recording
@testable import Runs

/// Recordings and logs in memory, from their bytes to their report.
struct ReplayedRunTests {
  /// A recording of workers that start workers, and of the command's end.
  private func recording(_ limits: Limits = Limits(maxNesting: 2)) throws -> [UInt8] {
    var settings = LiveSettings(command: ["python", "main.py"])
    settings.limits = limits
    settings.onCycle = .report
    var list = EventList.nested(3)
    for process in [103, 102, 101, 100] as [Int32] { list.exit(process) }
    let trial = try LiveTrial(list, settings)
    _ = trial.run.recordEnd(.status(112), of: try #require(trial.judged))
    return trial.collector.recording
  }

  private func judged(
    _ bytes: [UInt8], _ options: ReplayOptions = ReplayOptions(), error: InputError? = nil
  ) throws -> ReplayedResult {
    try Replay.open(Bytes(bytes, error: error), named: "run", options).judged()
  }

  @Test(arguments: [1, 7, 100, 4096])
  func `pieces of any size give the same`(size: Int) throws {
    let bytes = try recording()
    let whole = try judged(bytes)
    #expect(whole.run.report.findings.map(\.rule) == [.forkBomb])
    #expect(whole.run.report.monotonicStart == 7_000_000_000)
    #expect(!whole.run.report.isTruncated && whole.inputLimitations.isEmpty)
    let parts = try Replay.open(Bytes(bytes, piece: size), named: "run").judged()
    #expect(parts == whole)
  }

  @Test func `the observer sees what it saw live`() throws {
    let collector = Collector(wantsEvents: true)
    let result = try Replay.open(Bytes(recording()), named: "run", observer: collector).judged()
    let finding = try #require(result.run.report.findings.first)
    #expect(collector.entries.contains(.found(.forkBomb, by: finding.provenByEvent)))
    let events = collector.entries.count { if case .observed = $0 { true } else { false } }
    #expect(events == Int(result.run.report.events))
  }

  @Test func `options take the place of what the run had`() throws {
    let bytes = try recording()
    var options = ReplayOptions()
    options.limits = { limits in
      #expect(limits == Limits(maxNesting: 2))
      return Limits(maxNesting: 9)
    }
    #expect(try judged(bytes, options).run.report.findings.isEmpty)
  }

  @Test func `a recording from before a limit existed has the usual one`() throws {
    let old = Array(
      String(decoding: try recording(Limits(maxProcesses: 3)), as: UTF8.self)
        .replacing(#""maxNesting":5,"maxGenerations":3,"maxRepeats":10,"#, with: "").utf8)
    var options = ReplayOptions()
    options.limits = { limits in
      #expect(limits == Limits(maxProcesses: 3))
      return limits
    }
    #expect(try judged(old, options).run.report.verdict == "fork-bomb")
  }

  // MARK: What is wrong with a recording

  @Test func `a torn recording is judged up to where it goes`() throws {
    let bytes = try recording()
    var lines = bytes.split(separator: 0x0A)
    lines.removeLast(2)
    let torn = Array(lines.joined(separator: [0x0A])) + Array("\n{\"k\":\"exi".utf8)
    let result = try judged(torn)
    #expect(result.run.report.isTruncated && result.run.ending == nil)
    guard case .recordingTruncated(let moment?) = result.inputLimitations.first else {
      Issue.record("\(result.inputLimitations)")
      return
    }
    #expect(moment.sequence == result.run.report.events)
    #expect(result.run.report.limitations == result.inputLimitations)
  }

  @Test func `damaged lines are skipped and counted`() throws {
    var lines = try recording().split(separator: 0x0A)
    lines[3] = lines[3].dropLast()
    let result = try judged(Array(lines.joined(separator: [0x0A])) + [0x0A])
    #expect(result.inputLimitations == [.damagedLines(1, missingEvents: 1)])
    #expect(result.run.report.lost == 1 && !result.run.report.isTruncated)
    lines.remove(at: 3)
    let missing = try judged(Array(lines.joined(separator: [0x0A])) + [0x0A])
    #expect(missing.inputLimitations == [.missingEvents(1)])
  }

  @Test func `an input that fails is judged up to there`() throws {
    let bytes = try recording()
    let result = try judged(bytes, error: .system(5))
    #expect(result.run.report.findings.map(\.rule) == [.forkBomb])
    #expect(
      result.inputLimitations == [
        .recordingUnreadable(explanation: InputError.system(5).explanation)
      ])
    #expect(throws: ReplayError.unreadable(path: "run", .system(5))) {
      try judged(Array(bytes.prefix(60)), error: .system(5))
    }
    #expect(throws: ReplayError.unreadable(path: "run", .system(5))) {
      try judged([], error: .system(5))
    }
  }

  @Test(
    arguments: [
      ("", .empty(path: "run")),
      ("hello\n", .unrecognised(path: "run")),
      (#"{"k":"open"}"# + "\n", .unrecognised(path: "run")),
      ("% time     seconds  usecs/call\n", .countTable(path: "run")),
      (#"{"k":"hdr","fmt":"spawntrace","v":1"#, .noHeader(path: "run")),
      (
        #"{"k":"hdr","fmt":"spawntrace","v":12,"minReader":11,"tool":"7.8.9"}"# + "\n",
        .newerVersion(
          path: "run", RecordingVersionError(version: 12, oldestReader: 11, tool: "7.8.9"))
      ),
    ] as [(String, ReplayError)])
  func `what can't be replayed is refused`(text: String, expected: ReplayError) {
    #expect(throws: expected) { try judged(Array(text.utf8)) }
  }

  @Test func `files that can't be opened are refused`() throws {
    let folder = try ScratchFolder()
    #expect(throws: ReplayError.unreadable(path: "/proc/nowhere/x", .system(2))) {
      try Replay.open(["/proc/nowhere/x"])
    }
    #expect(throws: ReplayError.folderWithoutLogs(path: folder.path)) {
      try Replay.open([folder.path])
    }
    let log = "1  execve(\"/bin/true\", [\"true\"], 0x0 /* 1 var */) = 0\n"
    let one = try folder.write("a.12", log)
    let two = try folder.write("b.12", log)
    #expect(throws: ReplayError.severalRuns(path: folder.path, count: 2, first: "a")) {
      try Replay.open([folder.path])
    }
    #expect(throws: ReplayError.differentRuns(one, two)) { try Replay.open([one, two]) }
    #expect(throws: ReplayError.noThreadNumber(path: "x")) { try Replay.open(["x", one]) }
    let text = try folder.write("c.13", "hello\n")
    #expect(throws: ReplayError.noLogs(name: "them")) { try Replay.open([text, text + "\0.1"]) }
  }

  // MARK: Logs

  private static let log = """
    100 1700000010.000000 execve("/usr/bin/python3", ["python3", "main.py", "--password", "pl4nted"], 0x7 /* 9 vars */) = 0
    100 1700000010.100000 openat(AT_FDCWD, "/w/main.py", O_RDONLY|O_CLOEXEC) = 3
    100 1700000010.200000 exit_group(4) = ?
    100 1700000010.300000 +++ exited with 4 +++

    """

  @Test func `a log gives a report without secrets, and its root's ending`() throws {
    let result = try judged(Array(Self.log.utf8))
    let report = result.run.report
    #expect(report.source == .strace(path: "run"))
    #expect(report.command.map(\.shownArgument) == ["python3", "main.py", "…", "…"])
    #expect(report.termination == .status(4) && result.run.ending == .status(4))
    #expect(!report.isTruncated)
    #expect(report.limitations == result.inputLimitations)
  }

  @Test func `what a log lacks is a limitation`() throws {
    let lines = Self.log.split(separator: "\n")
    let torn = lines.dropLast(2).joined(separator: "\n") + "\nnot a line of strace\n"
    let result = try judged(Array(torn.utf8), error: .torn)
    #expect(result.run.report.isTruncated && result.run.ending == nil)
    #expect(
      Array(result.inputLimitations.prefix(3)) == [
        .foreignLines(1, examples: ["not a line of strace"]),
        .logUnreadable(explanation: InputError.torn.explanation),
        .logEndsEarly(at: TraceTime(nanoseconds: 100_000_000)),
      ])
  }
}
