import TestSupport
import Testing
import TraceModel

@testable import Analysis

/// A run may start millions of processes: who has ended and leads nowhere is forgotten.
@Suite struct ForestMemoryTests {
  /// Takes in a list's events as a run's analysis does.
  private func analysis(_ list: EventList) -> RunAnalysis {
    var analysis = RunAnalysis(limits: Limits(maxProcesses: 100_000))
    for event in list.events { _ = analysis.observe(event) }
    return analysis
  }

  private func report(_ analysis: RunAnalysis) -> RunReport {
    analysis.report(
      toolVersion: "1", source: .live, command: [], workingDirectory: "/w", limitations: [])
  }

  @Test func endedProcessesAreForgottenBeyondTheLimit() {
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
    // The root and the live one are no ended ones.
    #expect(report.processes.count == ProcessForest.endedLimit + 2)
    #expect(report.omittedProcesses == 500)
    #expect(report.processes.last?.id == count + 2)
    #expect(report[process: count + 2]?.pid.rawValue == 2)
    #expect(report[process: count + 1] == nil)
    #expect(report.processes.map(\.id) == report.processes.map(\.id).sorted())
    #expect(analysis.forest.id(of: ProcessID(rawValue: 2)) == count + 2)
  }

  @Test func whoLeadsToALiveProcessIsRemembered() {
    var list = EventList()
    list.launch(1)
    for _ in 0..<ProcessForest.endedLimit {
      list.fork(1, 2)
      list.add(.exited(.status(0)), by: 2)
    }
    // A chain whose beginning has ended, with a live end.
    list.fork(1, 10)
    list.fork(10, 11)
    list.fork(11, 12)
    list.add(.exited(.status(0)), by: 10)
    list.add(.exited(.status(0)), by: 11)
    let first = ProcessForest.endedLimit + 2
    var before = analysis(list)
    #expect(before.forest.completedRecords().suffix(3).map(\.id) == [first, first + 1, first + 2])
    // With its end all of it goes.
    let end = Event(
      sequence: UInt64(list.events.count + 1), time: .zero, process: ProcessID(rawValue: 12),
      thread: ThreadID(rawValue: 12), kind: .exited(.status(0)))
    _ = before.observe(end)
    #expect(before.forest.completedRecords().count == ProcessForest.endedLimit + 1)
    #expect(before.forest[first].role == .other)
    #expect(before.forest[first].parent == nil)
  }
}
