import Analysis
import Reporting
import Testing
import TraceModel

/// The text about a run that hangs.
struct SurveyTextTests {
  private static let style = TextStyle(color: false, unicode: true)

  @Test func `the last line has the place and how it ends`() {
    let line = TextReport(style: Self.style).verdictLine(
      Fixtures.deadlock(), ending: .status(124), isStopped: true
    ).line
    #expect(line.hasPrefix("spawntrace: deadlock: main.py:15: nothing moves: main.py waits"))
    #expect(line.hasSuffix("; stopped, exit 124") && line.count <= 100)
  }

  @Test func `without a survey there is no such text`() {
    #expect(TextReport(style: Self.style).survey(in: Fixtures.seed()).isEmpty)
  }

  @Test func `it fits, whatever is in it`() throws {
    for name in ["main.py", String(repeating: "długi ", count: 90) + ".py", "a\nb\u{1b}[31m.py"] {
      for color in [true, false] {
        let style = TextStyle(color: color, unicode: !color)
        var report = Fixtures.deadlock(idle: 200, name: name)
        for index in report.survey?.threads.indices ?? 0..<0 {
          report.survey?.threads[index].activity.name = name
          report.survey?.threads[index].stack = .read(
            PythonCallStack(
              version: PythonVersion(major: 3, minor: 13),
              frames: (0..<100).map {
                PythonFrame(path: "/w/" + name, line: index + $0, function: name)
              }))
        }
        let text = TextReport(style: style)
        let finding = text.finding(try #require(report.findings.first), in: report).text
        let lines = finding.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= TextReport.maximumLines)
        let all = lines + text.survey(in: report).text.split(separator: "\n")
        #expect(all.allSatisfy { Terminal.columns(of: Terminal.stripped(String($0))) <= 100 })
        #expect(!all.contains { !color && $0.contains("\u{1B}") })
      }
    }
  }
}
