import CILog
import Testing
import TraceModel

/// Real output of programs in the forms of CI hosts; made by `tools/triage/logs.py`.
struct HostTests {
  private static let rows = ((try? Fixture.lines("forms/expected.tsv")) ?? []).dropFirst().map {
    $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
  }

  @Test func `there are logs`() {
    #expect(Self.rows.count > 20)
  }

  @Test(arguments: rows) func `a host's log shows the line and its text`(_ row: [String]) throws {
    let reading = try Fixture.reading("forms/\(row[0]).log")
    #expect(reading.faults.map(\.rule) == ["ST101"])
    let culprit = try #require(reading.faults.first?.culprit)
    #expect(culprit.path.replacing("\\", with: "/").hasSuffix("/" + row[1]))
    #expect(culprit.line == Int(row[2]))
    #expect(culprit.source?.line == row[3])
  }
}
