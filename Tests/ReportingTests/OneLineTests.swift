import Analysis
import Reporting
import Testing
import TraceModel

/// The verdict at the end of a run, and the short form of a finding.
struct OneLineTests {
  private let text = TextReport(style: TextStyle(color: false, unicode: true))

  @Test func `the short form is a place, a rule, a title and an identity`() throws {
    let report = Fixtures.seed()
    let expected =
      "runtest.py:6: error[ST101]: runtest.py is run again by each worker that it starts [v2:7f3a91c27f3a91c2]"
    #expect(text.short(try #require(report.findings.first), in: report).line == expected)
  }

  @Test
  func `a place that is too long leaves something of the title, and keeps its end and its line`()
    throws
  {
    var report = Fixtures.seed()
    let folder = "/" + String(repeating: "folder/", count: 30)
    report.findings[0].culprit?.path = folder + "runtest.py"
    let line = text.short(try #require(report.findings.first), in: report).line
    #expect(line.hasPrefix("/folder/fold") && line.contains("folder/runtest.py:6: error[ST101]: "))
    #expect(line.hasSuffix("… that it starts [v2:7f3a91c27f3a91c2]") && line.count <= 120)
  }

  @Test func `the verdict says how many workers there are if it has room for that`() {
    let report = Fixtures.seed()
    #expect(
      text.verdictLine(report, ending: .status(112), isStopped: false).line
        == "spawntrace: reexec-cycle: runtest.py:6 is run again by each worker (4 workers, spawn); "
        + "exit 112")
    #expect(
      text.verdictLine(report, ending: .status(112), isStopped: true).line
        == "spawntrace: reexec-cycle: runtest.py:6 is run again by each worker (spawn); "
        + "stopped, exit 112")
  }

  @Test func `the verdict on a forkserver that runs the script itself, and on more findings`()
    throws
  {
    var report = Fixtures.forkserver()
    report.findings.append(try #require(report.findings.first))
    #expect(
      text.verdictLine(report, ending: .status(0), isStopped: false).line
        == "spawntrace: reexec-cycle: main.py:12 is run again by the forkserver, and 1 more; "
        + "exit 0")
  }

  @Test func `a run without findings is healthy, and its end is the program's`() {
    var report = Fixtures.seed()
    report.findings = []
    #expect(
      text.verdictLine(report, ending: .signal(14), isStopped: false).line
        == "spawntrace: healthy: 6 processes, 4 of them workers; signal 14")
    report.processes.removeLast(5)
    #expect(
      text.verdictLine(report, ending: .status(0), isStopped: false).line
        == "spawntrace: healthy: 1 process, no workers; exit 0")
  }
}
