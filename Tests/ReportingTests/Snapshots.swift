import Analysis
import Diagnostics
import Multiprocessing
import Reporting
import TraceModel

/// The texts of reports that are kept under Snapshots/ and reviewed when they change.
enum Snapshots {
  struct Snapshot {
    /// The file's name, without `.txt`.
    var name: String
    var text: String
  }

  static let all =
    cycles + loops + deadlocks + losses + crashes + exits + lines + explanations

  private static let plain = TextStyle(color: false, unicode: true)

  private static func finding(
    _ name: String, _ report: RunReport, _ style: TextStyle = plain
  ) -> Snapshot {
    let text = TextReport(style: style)
    return Snapshot(
      name: name, text: report.findings.map { text.finding($0, in: report).text }.joined())
  }

  /// A report in which another rule finds `detail` at the place of `report`'s finding.
  private static func finding(
    _ name: String, _ rule: Rule, _ detail: Finding.Detail, in report: RunReport = Fixtures.seed(),
    _ change: (inout Finding) -> Void = { _ in }
  ) -> Snapshot {
    var report = report
    report.findings[0].rule = rule
    report.findings[0].detail = detail
    report.findings[0].consequence = nil
    change(&report.findings[0])
    return finding(name, report)
  }

  // MARK: ST101

  private static var cycles: [Snapshot] {
    [
      finding("cycle-masked", Fixtures.seed()),
      finding("cycle-without-unicode", Fixtures.seed(), TextStyle(color: false, unicode: false)),
      finding("cycle-with-colours", Fixtures.seed(), TextStyle(color: true, unicode: true)),
      finding("cycle-narrow", Fixtures.seed(), TextStyle(color: false, unicode: true, width: 60)),
      finding("cycle-in-imported-module", Fixtures.helper()),
      finding("cycle-in-block", Fixtures.indented()),
      finding("cycle-in-forkserver", Fixtures.forkserver()),
      finding("cycle-likely-in-function", Fixtures.function()),
      finding("cycle-without-source", Fixtures.withoutSource()),
      finding("cycle-under-wrong-condition", wrongCondition),
      finding("cycle-of-nested-worker", nestedWorker),
      finding("cycle-without-culprit", withoutCulprit),
    ]
  }

  private static var wrongCondition: RunReport {
    var report = Fixtures.indented()
    report.findings[0].culprit?.source?.statement = SourceExcerpt.Statement(
      number: 11, line: "if __name__ != \"helper\":")
    return report
  }

  private static var nestedWorker: RunReport {
    var report = Fixtures.seed()
    report.processes[0].role = .spawnWorker
    report.processes[0].endedAt = nil
    report.findings[0].processes = [4]
    return report
  }

  private static var withoutCulprit: RunReport {
    var report = Fixtures.function()
    report.findings[0].culprit = nil
    report.findings[0].certainty = .guess
    return report
  }

  // MARK: ST102 to ST105, ST201

  private static var loops: [Snapshot] {
    let error = WorkerEnd.Reason.exception(
      Traceback(frames: [], exception: "ValueError", message: "twice"))
    return [
      finding(
        "respawn-at-import", .respawnLoop, .respawn(end(error, .boot), isPool: true)),
      finding(
        "respawn-at-exit", .respawnLoop, .respawn(end(.exit(1), .boot), isPool: true)),
      finding(
        "respawn-in-task", .respawnLoop,
        .respawn(end(.signal(11, sender: nil), .task), isPool: false)),
      finding("nesting", .forkBomb, .nesting(6)),
      finding("nesting-in-function", .forkBomb, .nesting(6), in: Fixtures.function()),
      finding("too-many-processes", tooManyProcesses),
      finding("subprocess-cycle", .subprocessCycle, .repeats(repeats(["main.py"]))),
      finding("subprocess-cycle-round", .subprocessCycle, .repeats(repeats(["a.py", "b.py"]))),
      finding("self-exec-loop", .selfExecLoop, .repeats(repeats(["main.py"]))),
      finding(
        "self-exec-loop-round", .selfExecLoop,
        .repeats(repeats((1...9).map { "program-\($0).py" }))),
      finding("side-effect", .reexecSideEffect, .work(workers: 2, programs: 0)),
    ]
  }

  private static func end(
    _ reason: WorkerEnd.Reason, _ phase: WorkerEnd.Phase, hasCulprit: Bool = true
  ) -> WorkerEnd {
    var end = WorkerEnd(process: 3, phase: phase, reason: reason)
    end.culprit = hasCulprit ? Fixtures.seed().findings[0].culprit : nil
    return end
  }

  private static func repeats(_ programs: [String]) -> Finding.Repeats {
    Finding.Repeats(
      count: 11,
      round: programs.map { name in
        .init(
          process: 1, program: "/w/" + name,
          site: SourceLocation(path: "/w/" + name, line: 7, function: "<module>", source: nil))
      })
  }

  private static var tooManyProcesses: RunReport {
    var report = Fixtures.seed()
    report.findings[0].rule = .forkBomb
    report.findings[0].detail = .liveProcesses(2001, limit: 2000)
    report.findings[0].consequence = nil
    report.findings[0].culprit = nil
    for index in report.processes.indices {
      report.processes[index].endedAt = nil
      if index > 3 { report.processes[index].logicalParent = index - 1 }
    }
    return report
  }

  // MARK: ST106

  private static var deadlocks: [Snapshot] {
    let style = TextReport(style: plain)
    return [
      finding("deadlock", Fixtures.deadlock()),
      finding("deadlock-of-locks", Fixtures.deadlock(allWaitFor: .lock)),
      finding("deadlock-of-semaphore", Fixtures.deadlock(allWaitFor: .semaphore)),
      Snapshot(name: "stacks", text: style.survey(in: Fixtures.deadlock(idle: 3)).text),
    ]
  }

  // MARK: ST202, ST203

  private static var crashes: [Snapshot] {
    func error(
      _ exception: String, _ message: String, in frames: [PythonFrame] = []
    ) -> WorkerEnd.Reason {
      .exception(Traceback(frames: frames, exception: exception, message: message))
    }
    let preparation = PythonFrame(
      path: "/usr/lib/python3.13/multiprocessing/spawn.py", line: 297,
      function: "_fixup_main_from_path")
    let semaphore = PythonFrame(
      path: "/usr/lib/python3.13/multiprocessing/synchronize.py", line: 115,
      function: "__setstate__")
    func crash(
      _ name: String, _ reason: WorkerEnd.Reason, _ phase: WorkerEnd.Phase = .task,
      hasCulprit: Bool = true
    ) -> Snapshot {
      finding(
        "crash-" + name, .workerCrash, .workerEnd(end(reason, phase, hasCulprit: hasCulprit)))
    }
    func pickling(_ name: String, _ exception: String, _ message: String) -> Snapshot {
      let traceback = Traceback(frames: [], exception: exception, message: message)
      return finding(
        "unpicklable-" + name, .unpicklableTarget, .pickling(traceback), in: Fixtures.forkserver())
    }
    return [
      crash("by-exception", error("ValueError", "no such thing")),
      crash("by-exception-at-import", error("KeyError", "'HOME'"), .boot),
      crash("by-lookup", error("AttributeError", "Can't get attribute 'f' on <module>")),
      crash("by-daemon", error("AssertionError", "daemonic processes are not allowed")),
      crash(
        "by-missing-script", error("FileNotFoundError", "main.py", in: [preparation]), .boot,
        hasCulprit: false),
      crash(
        "by-missing-semaphore", error("FileNotFoundError", "[Errno 2]", in: [semaphore]), .boot,
        hasCulprit: false),
      crash("by-unknown-sigkill", .signal(9, sender: nil)),
      crash("by-sent-signal", .signal(15, sender: 1)),
      crash("by-signal", .signal(11, sender: nil)),
      crash("by-exit", .exit(3)),
      pickling("lambda", "AttributeError", "Can't pickle local object '<lambda>'"),
      pickling("object", "TypeError", "cannot pickle '_thread.lock' object"),
      finding("unpicklable-kept", .unpicklableTarget, .notLaunched, in: Fixtures.forkserver()),
      finding("unpicklable-lookup", .unpicklableTarget, .lookup(lookup)),
    ]
  }

  private static var lookup: WorkerEnd {
    let error = Traceback(
      frames: [
        PythonFrame(
          path: "/usr/lib/python3.13/multiprocessing/spawn.py", line: 132, function: "_main")
      ], exception: "AttributeError", message: "module '__mp_main__' has no attribute 'Job'")
    var end = end(.exception(error), .boot)
    end.definition = SourceDefinition(
      path: "/w/runtest.py", place: .init(line: 5),
      source: SourceExcerpt(
        line: "    class Job:", statement: .init(number: 3, line: "if __name__ == '__main__':")))
    return end
  }

  // MARK: ST108

  private static var exits: [Snapshot] {
    var several = end(.exit(0), .boot, hasCulprit: false)
    several.exit = BootExit()
    several.exit?.possible = [5, 9].map {
      SourceLocation(path: "/w/runtest.py", line: $0, function: "<module>", source: nil)
    }
    return [
      finding("never-ran", .neverRan, .neverRan(end(.exit(0), .boot), isServer: false)),
      finding("never-ran-server", .neverRan, .neverRan(end(.exit(5), .boot), isServer: true)),
      finding("never-ran-somewhere", .neverRan, .neverRan(several, isServer: false)) {
        $0.culprit?.line = nil
        $0.culprit?.source = nil
      },
    ]
  }

  // MARK: ST107

  private static var losses: [Snapshot] {
    func loss(
      _ name: String, _ reason: WorkerEnd.Reason, _ change: (inout WorkerEnd) -> Void = { _ in }
    ) -> Snapshot {
      var end = end(reason, .task)
      end.job = 2
      change(&end)
      return finding("lost-task-" + name, .lostTask, .lostTask(end))
    }
    return [
      loss("by-exit", .exit(3)),
      loss("by-signal", .signal(11, sender: nil)),
      loss("by-sigkill", .signal(9, sender: nil)),
      loss("by-memory", .signal(9, sender: nil)) { $0.outOfMemoryKills = 1 },
      loss("by-other-sigkill", .signal(9, sender: nil)) { $0.outOfMemoryKills = 0 },
      loss("by-process", .signal(9, sender: 1)) { $0.senderPlace = $0.culprit },
    ]
  }

  // MARK: Other texts

  private static var lines: [Snapshot] {
    let text = TextReport(style: plain)
    let reports = [
      Fixtures.seed(), Fixtures.helper(), Fixtures.forkserver(), Fixtures.withoutSource(),
      Fixtures.deadlock(), tooManyProcesses,
    ]
    let short = reports.flatMap { report in
      report.findings.map { text.short($0, in: report).text }
    }
    let verdicts = reports.map {
      text.verdictLine($0, ending: .status(112), isStopped: true).text
    }
    return [
      Snapshot(name: "short", text: short.joined()),
      Snapshot(name: "verdicts", text: verdicts.joined()),
      Snapshot(
        name: "process-tree", text: ProcessTreeText(Fixtures.seed(), style: plain).text.text),
      Snapshot(name: "repeated-main", text: repeatedMain),
    ]
  }

  /// Workers and a server that no error names; the server's worker has the server's module.
  private static var repeatedMain: String {
    var workers = Fixtures.seed()
    workers.findings = []
    var server = Fixtures.forkserver()
    server.findings = []
    server.processes[2].startMethod = nil
    return [workers, server].map { RepeatedMainText($0, style: plain).text.text }.joined()
  }

  private static var explanations: [Snapshot] {
    [
      Snapshot(
        name: "explain", text: RuleCatalogue.all.map { ExplanationText.line($0).text }.joined())
    ]
      + RuleCatalogue.all.map {
        Snapshot(name: "explain-" + $0.kind, text: ExplanationText.full($0).text)
      }
  }
}
