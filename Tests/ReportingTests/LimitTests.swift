import Analysis
import Reporting
import Testing
import TraceModel

/// No text is longer or wider than it may be, whatever it is about.
struct LimitTests {
  @Test func `every combination of long, odd and missing facts fits`() {
    var count = 0
    for (index, report) in Combinations.reports().enumerated() {
      let style = Combinations.styles[index % Combinations.styles.count]
      let text = TextReport(style: style)
      for finding in report.findings {
        let whole = text.finding(finding, in: report).text
        let lines = whole.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        let short = text.short(finding, in: report).line
        let verdict = text.verdictLine(report, ending: .status(112), isStopped: index % 2 == 0).line
        let all = lines + [Substring(short), Substring(verdict)]
        let tooWide = all.filter {
          Terminal.columns(of: Terminal.stripped(String($0))) > (String($0) == short ? 120 : 100)
        }
        #expect(
          lines.count <= TextReport.maximumLines && tooWide.isEmpty,
          "\(index): \(tooWide)\n\(whole)")
        #expect(whole.hasSuffix("#the-spawn-and-forkserver-start-methods\n"), "\(index): \(whole)")
        #expect(whole.contains("id v2:7f3a91c27f3a91c2"), "\(index): \(whole)")
        #expect(whole.contains("help:"), "\(index): \(whole)")
        #expect(whole.contains("why:"), "\(index): \(whole)")
        #expect(short.hasSuffix("[v2:7f3a91c27f3a91c2]"), "\(index): \(short)")
        #expect(verdict.hasSuffix("exit 112"), "\(index): \(verdict)")
        if !style.color {
          #expect(!all.contains { $0.contains("\u{1B}") }, "\(index): \(whole)")
        }
        if !style.unicode {
          #expect(whole.utf8.allSatisfy { $0 < 0x80 }, "\(index): \(whole)")
        }
        count += 1
      }
    }
    #expect(count == 2430)
  }

  @Test func `a narrow terminal and absurd line numbers`() throws {
    let style = TextStyle(color: false, unicode: true, width: 1)
    #expect(style.width == 60)
    for line in [Int.max, .min, 0, -1] {
      for var report in [Fixtures.helper(), Fixtures.indented(), Fixtures.seed()] {
        report.findings[0].culprit?.line = line
        report.findings[0].culprit?.source?.statement?.number = .max - 1
        let finding = try #require(report.findings.first)
        let lines = TextReport(style: style).finding(finding, in: report).text.split(
          separator: "\n")
        #expect(lines.count <= TextReport.maximumLines)
        #expect(lines.allSatisfy { Terminal.columns(of: String($0)) <= 60 }, "\(lines)")
      }
    }
  }

  @Test func `required text is shown even if the report has no room for all`() throws {
    var report = Fixtures.helper()
    report.limitations = [.recorded(String(repeating: "something could not be seen ", count: 9))]
    report.findings[0].consequence = nil
    report.workingDirectory = "/elsewhere"
    let long = "/" + String(repeating: "long/", count: 300)
    for index in report.findings[0].stack.indices {
      report.findings[0].stack[index].path = long + report.findings[0].stack[index].path
    }
    report.findings[0].culprit?.path = long + "/w/helper.py"
    report.findings[0].script?.path = long + "/w/main.py"
    let text = TextReport(style: TextStyle(color: false, unicode: true))
      .finding(try #require(report.findings.first), in: report).text
    let parts = ["helper.py:8\n", "╭─> ", "╰── ", "= effect", "= why", "= unseen"]
    for part in parts {
      #expect(text.contains(part), "\(part) is missing in\n\(text)")
    }
  }
}
