import Foundation
import TestSupport
import Testing

/// The recordings and logs under traces/, made by tools/traces/make.py, give the reports beside
/// them.
struct KeptTracesTests {
  private static let traces = TestPython.root + "/traces"

  /// Paths below traces/, without the reports.
  static let paths: [String] = {
    let manager = FileManager.default
    let programs = (try? manager.contentsOfDirectory(atPath: traces)) ?? []
    return programs.flatMap { program in
      let names = try? manager.contentsOfDirectory(atPath: "\(traces)/\(program)/recorded")
      return (names ?? []).filter { !$0.contains(".report.") }
        .map { "\(program)/recorded/\($0)" }
    }.sorted()
  }()

  @Test func `there are recordings and logs of every form`() {
    let programs = Set(Self.paths.compactMap { $0.split(separator: "/").first })
    #expect(programs.count >= 13)
    #expect(Self.paths.count { $0.contains(".sptrace.jsonl") } >= 20)
    #expect(Self.paths.count { $0.contains(".strace") } >= 15)
  }

  @Test(arguments: KeptTracesTests.paths)
  func `a recording or log gives its report`(path: String) throws {
    let scratch = try ScratchFolder()
    let outcome = try Traced.run(
      arguments: ["replay", "--color=never", "--json", scratch.file("json"), path],
      in: Self.traces, environment: ["LC_ALL": "C.UTF-8"])
    let text = try String(contentsOfFile: "\(Self.traces)/\(path).report.txt", encoding: .utf8)
    #expect(outcome.standardError == text)
    let json = try String(contentsOfFile: "\(Self.traces)/\(path).report.json", encoding: .utf8)
    let lines = { (text: String) in
      // The version of the tool may grow.
      text.split(separator: "\n").filter { !$0.hasPrefix("  \"tool\": ") }
    }
    let said = try #require(scratch.read("json"))
    #expect(lines(said) == lines(json))
    #expect(outcome.status == (json.contains(#""severity": "error""#) ? 1 : 0))
  }
}
