import Analysis
import LinuxProcess
import SystemPackage
import TestSupport
import Testing
import TraceModel
import Tracer

@testable import Runs

/// A live run by way of `Runs`, from events made by hand.
struct LiveRunTests {
  private func settings(_ change: (inout LiveSettings) -> Void = { _ in }) -> LiveSettings {
    var settings = LiveSettings(command: ["python", "main.py"])
    change(&settings)
    return settings
  }

  // MARK: The order

  @Test func `an event is recorded before it is shown and before what it proves is reported`()
    throws
  {
    let list = EventList.nested(3)
    let trial = try LiveTrial(list, settings { $0.limits.maxNesting = 2 }, wantsEvents: true)
    let finding = try #require(trial.judged?.report.findings.first)
    let kind = "exec"
    let recorded = try #require(
      trial.collector.index(of: .recorded(kind, finding.provenByEvent)))
    let observed = try #require(trial.collector.index(of: .observed(finding.provenByEvent)))
    let found = try #require(
      trial.collector.index(of: .found(.forkBomb, by: finding.provenByEvent)))
    let stop = try #require(trial.collector.index(of: .recorded("stop", nil)))
    #expect(recorded < observed && observed < found && found < stop)
  }

  @Test func `the header is the first line, and the end is the last`() throws {
    let trial = try LiveTrial(.healthy)
    let run = try #require(trial.judged)
    #expect(trial.run.recordEnd(.status(3), of: run))
    let kinds = trial.collector.entries.map {
      if case .recorded(let kind, _) = $0 { kind } else { "?" }
    }
    #expect(kinds == ["hdr", "start", "exec", "open", "open", "exit", "end"])
  }

  // MARK: What ends a run

  @Test func `the first proof of an error ends the tree, unless it is only to be reported`() throws
  {
    let list = EventList.nested(3)
    let stopped = try LiveTrial(list, settings { $0.limits.maxNesting = 2 })
    #expect(stopped.source.directives.last == .endTree)
    #expect(stopped.source.directives.dropLast().allSatisfy { $0 == .proceed })
    #expect(stopped.judged?.isStopped == true && stopped.judged?.hasErrors == true)
    let reported = try LiveTrial(
      list,
      settings {
        $0.limits.maxNesting = 2
        $0.onCycle = .report
      })
    #expect(reported.source.directives.count == list.events.count)
    #expect(reported.source.directives.allSatisfy { $0 == .proceed })
    #expect(reported.judged?.isStopped == false && reported.judged?.hasErrors == true)
  }

  @Test func `too many processes end the tree in any case`() throws {
    let trial = try LiveTrial(
      .children(3),
      settings {
        $0.limits.maxProcesses = 3
        $0.onCycle = .report
      })
    #expect(trial.source.directives == [.proceed, .proceed, .proceed, .endTree])
    #expect(trial.judged?.report.verdict == "fork-bomb")
  }

  @Test func `a survey ends the run, and a signal that asked for the end is passed to the command`()
    throws
  {
    let deadline = try LiveTrial(.surveyed(.deadline(5_000_000_000)))
    #expect(deadline.source.directives.contains(.endTree))
    #expect(deadline.judged?.passedDeadline == 5_000_000_000)
    #expect(deadline.judged?.hasErrors == false)
    #expect(deadline.collector.entries.contains(.surveyed))
    let signal = try LiveTrial(.surveyed(.signal(15)))
    #expect(signal.source.directives.contains(.endCommand(signal: 15)))
    #expect(signal.judged?.endingSignal == 15)
    // The program has got the Ctrl-Cs itself, and may still answer.
    for cause in [SurveyCause.signal(2), .interrupt] {
      let interrupt = try LiveTrial(.surveyed(cause))
      #expect(interrupt.source.directives.allSatisfy { $0 == .proceed })
      #expect(interrupt.collector.entries.contains(.surveyed) == (cause != .interrupt))
    }
  }

  @Test func `a command that isn't executed, and a run whose caller is gone, are no judged runs`()
    throws
  {
    let missing = try LiveTrial(
      .healthy, outcome: LiveOutcome(executionError: .noSuchFileOrDirectory))
    guard case .notExecuted(.noSuchFileOrDirectory) = missing.result else {
      Issue.record("\(missing.result)")
      return
    }
    let abandoned = try LiveTrial(.healthy, outcome: LiveOutcome(isAbandoned: true))
    guard case .abandoned = abandoned.result else {
      Issue.record("\(abandoned.result)")
      return
    }
    try missing.run.end(.status(127))
    #expect(missing.source.ending == .status(127))
  }

  // MARK: The report

  @Test func `the recording of a run gives the report of the run`() throws {
    for list in [.nested(3), .healthy, .children(4), .surveyed(.deadline(1_000))] as [EventList] {
      let trial = try LiveTrial(
        list,
        settings {
          $0.limits = Limits(maxProcesses: 4, maxNesting: 2)
        }, limitations: [.opensUnseen(reason: "a test")])
      let live = try #require(trial.judged)
      _ = trial.run.recordEnd(.status(112), of: live)
      let again = try Replay.open(Bytes(trial.collector.recording), named: "run").judged()
      #expect(again.run.ending == .status(112))
      #expect(again.inputLimitations.isEmpty)
      var expected = live.report
      expected.source = .recording(path: "run")
      expected.limitations = live.report.limitations.map {
        if case .opensUnseen = $0 { .recorded("\($0)") } else { $0 }
      }
      #expect(again.run.report == expected)
      #expect(again.run.isStopped == live.isStopped)
      #expect(again.run.passedDeadline == live.passedDeadline)
    }
  }

  @Test func `what the command left running is named, unless spawntrace ended the tree`() throws {
    var list = EventList.children(2)
    list.exit(100)
    let left = try LiveTrial(list)
    #expect(
      left.judged?.report.limitations == [
        .leftRunning([ProcessID(rawValue: 101), ProcessID(rawValue: 102)])
      ])
    let stopped = try LiveTrial(list, settings { $0.limits.maxProcesses = 2 })
    #expect(stopped.judged?.isStopped == true)
    #expect(stopped.judged?.report.limitations == [])
  }

  @Test func `secrets of the command are in no report`() throws {
    var settings = LiveSettings(command: ["tool", "--password", "pl4nted", "x"])
    let trial = try LiveTrial(.healthy, settings)
    let command = try #require(trial.judged?.report.command)
    #expect(command.map(\.shownArgument) == ["tool", "…", "…", "…"])
    let recording = String(decoding: trial.collector.recording, as: UTF8.self)
    #expect(!recording.contains("pl4nted") && !recording.contains("password"))

    settings.recordsArguments = true
    let whole = try LiveTrial(.healthy, settings)
    #expect(whole.judged?.report.command == ["tool", "--password", "[redacted]", "x"])
    #expect(!String(decoding: whole.collector.recording, as: UTF8.self).contains("pl4nted"))
  }

  // MARK: Recordings that fail

  @Test func `a recording that fails is noticed once, with its error, and the run goes on`() throws
  {
    let collector = Collector()
    let output = FailingOutput(failsAt: 3, .noSpace)
    let recording = RunRecording(
      path: "r", observer: collector, describe: { "\($0)" }, write: output.write)
    let run = LiveRun(settings(), recording: recording, observer: collector)
    let result = try run.traced { FakeSource(.healthy, $0) }
    guard case .judged(let judged) = result else {
      Issue.record("\(result)")
      return
    }
    #expect(judged.report.events == 5)
    #expect(!run.recordEnd(.status(3), of: judged))
    #expect(collector.notices == [.recordingFailed(path: "r", .noSpace)])
    // A torn line in the middle would take the next one with it.
    #expect(output.lines == 3)
  }

  @Test func `an error of the last write shows when the file is closed`() throws {
    let collector = Collector()
    let recording = RunRecording(
      path: "r", observer: collector, describe: { "\($0)" }, write: collector.record,
      close: { () throws(Errno) in throw .ioError })
    let run = LiveRun(settings(), recording: recording, observer: collector)
    guard case .judged(let judged) = try run.traced({ FakeSource(.healthy, $0) }) else { return }
    #expect(collector.notices.isEmpty)
    #expect(!run.recordEnd(.status(3), of: judged))
    #expect(collector.notices == [.recordingFailed(path: "r", .ioError)])
  }

  @Test func `a recording in a folder that can't be made is refused before anything is started`()
    throws
  {
    let error = #expect(throws: LiveRunError.self) {
      try RunRecording(path: "/proc/nowhere/x", observer: SilentObserver(), describe: { "\($0)" })
    }
    guard case .recording("/proc/nowhere/x", .system(.noSuchFileOrDirectory)) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
  }

  // MARK: The warm-up

  @Test func `the first start of a worker warms up the way to a report, and reports nothing`()
    throws
  {
    let folder = "/usr/lib/python3.13/multiprocessing/"
    func start(_ innermost: PythonFrame...) -> StackReading {
      .read(
        PythonCallStack(
          version: PythonVersion(major: 3, minor: 13),
          frames: innermost + [
            PythonFrame(path: folder + "context.py", line: 9, function: "_Popen"),
            PythonFrame(path: "/w/main.py", line: 3, function: "<module>"),
          ]))
    }
    let launch = PythonFrame(path: folder + "util.py", line: 7, function: "spawnv_passfds")
    let popen = PythonFrame(path: folder + "popen_spawn_posix.py", line: 8, function: "_launch")
    var list = EventList()
    list.main(100, "main.py")
    for worker in Int32(101)...102 {
      list.open(100, folder + "popen_spawn_posix.py", stack: start())
      list.fork(100, worker, by: .vfork, stack: start(launch, popen))
    }
    list.exit(100)
    let trial = try LiveTrial(list)
    #expect(trial.judged?.report.findings == [])
    #expect(trial.collector.entries.count { $0 == .warmedUp } == 1)
    #expect(trial.judged?.report.events == UInt64(list.events.count))
  }
}
