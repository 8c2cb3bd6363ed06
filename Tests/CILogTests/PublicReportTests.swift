import CILog
import Testing
import TraceModel

/// Shapes of public reports of the error, rebuilt by hand.
struct PublicReportTests {
  private static let rows = ((try? Fixture.lines("public/expected.tsv")) ?? []).dropFirst().map {
    $0.split(separator: "\t", omittingEmptySubsequences: false).map { String($0) }
  }

  @Test func `there are reports`() {
    #expect(Self.rows.count == 39)
  }

  @Test(arguments: rows) func `a public report is read`(_ row: [String]) throws {
    let reading = try Fixture.reading("public/\(row[0]).log")
    #expect(reading.faults.map(\.rule) == (row[1].isEmpty ? [] : [row[1]]))
    #expect(reading.placelessMessages == Int(row[8]))
    guard let fault = reading.faults.first else { return }
    #expect(fault.culprit?.path ?? "" == row[2])
    #expect(fault.culprit?.line == Int(row[3]))
    #expect(fault.culprit?.source?.line ?? "" == row[4])
    #expect(fault.startMethod?.rawValue ?? "" == row[5])
    #expect(fault.python?.description ?? "" == row[6])
    if !row[7].isEmpty { #expect(fault.isWhole == (row[7] == "true")) }
  }

  @Test func `the frame that starts the workers is the call site`() throws {
    let fault = try #require(try Fixture.reading("public/07-python-2.7.log").faults.first)
    #expect(fault.callSite?.line == 44)
    #expect(fault.script == #"D:\music\go.py"#)
  }
}
