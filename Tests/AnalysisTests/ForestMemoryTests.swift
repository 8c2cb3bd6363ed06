import TestSupport
import Testing
import TraceModel

@testable import Analysis

/// A run may start millions of processes: one that has ended and leads nowhere is forgotten.
struct ForestMemoryTests {
  /// Adds a list's events as a run's analysis does.
  private func analysis(_ list: EventList) -> RunAnalysis {
    var analysis = RunAnalysis(limits: Limits(maxProcesses: 100_000))
    for event in list.events { _ = analysis.observe(event) }
    return analysis
  }

  private func report(_ analysis: RunAnalysis) -> RunReport {
    analysis.report(
      toolVersion: "1", source: .live, command: [], workingDirectory: "/w", limitations: [])
  }

  @Test func `ended processes are forgotten beyond the limit`() {
    var list = EventList()
    list.launch(1)
    let count = ProcessForest.endedLimit + 500
    for _ in 0..<count {
      list.fork(1, 2)
      list.add(.exited(.status(0)), by: 2)
    }
    list.fork(1, 2)
    let analysis = analysis(list)
    let report = report(analysis)
    #expect(analysis.forest.count == count + 2)
    // The root and the live process haven't ended.
    #expect(report.processes.count == ProcessForest.endedLimit + 2)
    #expect(report.omittedProcesses == 500)
    #expect(report.processes.last?.id == count + 2)
    #expect(report[process: count + 2]?.pid.rawValue == 2)
    #expect(report[process: count + 1] == nil)
    #expect(report.processes.map(\.id) == report.processes.map(\.id).sorted())
    #expect(analysis.forest.id(of: ProcessID(rawValue: 2)) == count + 2)
  }

  @Test func `the ancestors of a live process are remembered`() {
    var list = EventList()
    list.launch(1)
    for _ in 0..<ProcessForest.endedLimit {
      list.fork(1, 2)
      list.add(.exited(.status(0)), by: 2)
    }
    // A chain with a beginning that has ended, and a live end.
    list.fork(1, 10)
    list.fork(10, 11)
    list.fork(11, 12)
    list.add(.exited(.status(0)), by: 10)
    list.add(.exited(.status(0)), by: 11)
    let first = ProcessForest.endedLimit + 2
    var before = analysis(list)
    #expect(before.forest.completedRecords().suffix(3).map(\.id) == [first, first + 1, first + 2])
    // When its end has ended, the whole chain is forgotten.
    let end = Event(
      sequence: UInt64(list.events.count + 1), time: .zero, process: ProcessID(rawValue: 12),
      thread: ThreadID(rawValue: 12), kind: .exited(.status(0)))
    _ = before.observe(end)
    #expect(before.forest.completedRecords().count == ProcessForest.endedLimit + 1)
    #expect(before.forest[first].role == .other)
    #expect(before.forest[first].parent == nil)
  }

  @Test func `the processes of every rule's finding stay, however many have ended`() throws {
    var list = EventList()
    list.main(1, "main.py")
    for _ in 0...ProcessForest.endedLimit {
      list.fork(1, 2)
      list.exit(2)
    }
    list.spawnWorker(1, 3)
    let number = ProcessForest.endedLimit + 3
    let wait = Wait(
      call: "wait4",
      objects: [WaitObject(kind: .child, processes: [ProcessID(rawValue: 3)])])
    let back = Wait(
      call: "write",
      objects: [WaitObject(kind: .pipeToWrite, processes: [ProcessID(rawValue: 1)])])
    list.add(.surveyBegan(.deadline(3)), by: 1)
    list.add(.surveyed(ThreadActivity(name: "python", state: .waiting(wait))), by: 1)
    list.add(.surveyed(ThreadActivity(name: "python", state: .waiting(back))), by: 3)
    list.add(.surveyEnded(isMoving: false), by: 1)
    list.exit(3, .signal(15))
    list.exit(1, .signal(15))
    let report = report(analysis(list))
    let finding = try #require(report.findings.first)
    #expect(finding.rule == .deadlock && finding.processes == [1, number])
    #expect(report[process: number]?.pid.rawValue == 3)
  }
}
