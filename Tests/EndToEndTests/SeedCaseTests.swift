import Foundation
import TestSupport
import Testing

/// The main task, on every interpreter: each worker runs the test run again.
@Suite(.serialized)
struct SeedCaseTests {
  @Test(arguments: Interpreters.all, ["spawn", "forkserver"])
  func `the cycle is reported with its line and its call site, and the tree is ended`(
    interpreter: Interpreters.Interpreter, method: String
  ) throws {
    let program = try SeedProgram()
    let run = try program.run(interpreter, method: method)
    #expect(run.outcome.ending == "status 112")
    let report = try #require(run.report)
    #expect(report.verdict == "reexec-cycle")
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1 && finding.rule == "ST101")
    #expect(finding.certainty == "proven" && finding.startMethod == method)
    #expect(finding.script?.path == program.folder.path + "/runtest.py")
    #expect(finding.script?.runsAs == "__mp_main__")
    #expect(finding.culprit?.path == program.folder.path + "/runtest.py")
    #expect(finding.culprit?.line == SeedProgram.culprit)
    #expect(finding.callSite?.path == program.folder.path + "/thing.py")
    #expect(finding.callSite?.line == SeedProgram.callSite)
    #expect(finding.python?.hasPrefix(interpreter.version) == true)
    try expectReport(run.outcome.standardError)
    // Each process is gone, unless another one has got its number since.
    try #require(!report.processes.isEmpty)
    for process in report.processes {
      #expect(process.pid.map(isAlive) == false, "\(process.role) \(process.pid ?? 0) is alive")
    }
  }

  /// The report is at most 25 lines of 100 columns beside its diff, stands before any traceback, and
  /// the verdict is the last line.
  private func expectReport(_ text: String) throws {
    let start = try #require(text.range(of: "\nerror[ST101]: "))
    let end = try #require(
      text.range(of: "start-methods\n", range: start.upperBound..<text.endIndex))
    let report = text[start.lowerBound..<end.upperBound].dropLast()
    let lines = ReportLines.withoutDiff(
      report.split(separator: "\n", omittingEmptySubsequences: false))
    #expect((5...25).contains(lines.count))
    #expect(lines.allSatisfy { $0.count <= 100 })
    #expect(!text[..<start.lowerBound].contains("Traceback"))
    let last = try #require(text.split(separator: "\n").last)
    #expect(last.hasPrefix("spawntrace: reexec-cycle: runtest.py:\(SeedProgram.culprit) "))
    #expect(last.count <= 100)
  }

  /// The program's resource tracker ends last, and warns of what the run has left to it.
  @Test(arguments: Interpreters.all)
  func `the resource tracker's warning comes before the last line, which explains it`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let run = try SeedProgram().run(interpreter, method: "spawn")
    let lines = run.outcome.standardError.split(separator: "\n")
    let explanation =
      "spawntrace: a warning about leaked semaphore objects comes from ending the run; none is left "
      + "behind"
    let index = try #require(lines.firstIndex { $0 == explanation })
    #expect(index == lines.count - 2)
    #expect(!lines[index...].contains { $0.contains("_tracker.py") })
  }

  @Test(arguments: Interpreters.all)
  func `a run that isn't stopped gets one finding with all workers that showed it`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let run = try SeedProgram().run(
      interpreter, method: "spawn", options: ["--on-cycle=report"])
    #expect(run.outcome.ending == "status 112")
    let report = try #require(run.report)
    #expect(report.exit?.status == 0)
    #expect(report.findings.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.consequence == "masked")
    #expect(finding.occurrences == Set(finding.processes).count && finding.occurrences >= 1)
    let main = try #require(report.processes("main").first)
    #expect(report.processes("main").count == 1)
    #expect(main.script?.path.hasSuffix("/runtest.py") == true)
    #expect(main.script?.runsAs == "__main__")
    let workers = report.processes("spawn-worker")
    #expect(workers.count >= 4)
    for worker in workers {
      #expect(worker.logicalParent == main.id && worker.startMethod == "spawn")
    }
    try #require(!finding.processes.isEmpty)
    for id in finding.processes {
      let worker = try #require(workers.first { $0.id == id })
      #expect(worker.script?.path == main.script?.path)
      #expect(worker.script?.runsAs == "__mp_main__" && worker.script?.evidence == "opened")
    }
  }

  @Test(arguments: Interpreters.all, ["spawn", "forkserver"])
  func `a guarded run is healthy: no report, and the program's own status`(
    interpreter: Interpreters.Interpreter, method: String
  ) throws {
    let program = try SeedProgram(guarded: true)
    let run = try program.run(interpreter, method: method)
    #expect(run.outcome.ending == "status 0")
    #expect(run.report?.verdict == "healthy")
    #expect(run.report?.findings.isEmpty == true)
    #expect(!run.outcome.standardError.contains("spawntrace"))
    #expect(run.outcome.standardError.contains("OK"))
    let report = try #require(run.report)
    let main = try #require(report.processes("main").first)
    let workers = report.processes(method == "spawn" ? "spawn-worker" : "forkserver-worker")
    #expect(workers.count == 4)
    #expect(workers.allSatisfy { $0.logicalParent == main.id })
    // The Pool may end a late worker before that has come to the script.
    #expect(workers.contains { $0.script != nil })
    #expect(workers.allSatisfy { ($0.script?.runsAs ?? "__mp_main__") == "__mp_main__" })
  }

  @Test func `two runs give the same answer`() throws {
    let program = try SeedProgram()
    let interpreter = try Interpreters.newest()
    let answers = try (0..<2).map { _ in
      try #require(
        program.run(interpreter, method: "spawn", options: ["--report=none"]).report?.findings.first
      )
    }
    #expect(answers[0].fingerprint == answers[1].fingerprint)
    #expect(answers[0].culprit == answers[1].culprit)
  }
}
