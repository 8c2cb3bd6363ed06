import TestSupport
import Testing

/// What is recorded and what is reported, in one stream.
struct RecordingOrderTests {
  @Test func `the event that proves a finding is recorded before the finding is reported`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing
      multiprocessing.get_context("spawn").Process(target=print).start()

      """)
    let outcome = try Traced.run(
      arguments: [
        "run", "--record", "/dev/fd/2", "--", Interpreters.newest().path, "main.py",
      ], in: folder.path)
    #expect(outcome.ending == "status 112")
    let lines = outcome.standardError.split(separator: "\n")
    let reported = try #require(lines.firstIndex { $0.hasPrefix("error[ST101]") })
    let identity = try #require(lines.first { $0.contains("proven at") })
    let event = try #require(identity.split(separator: " by event ").last?.prefix { $0 != "," })
    let recorded = try #require(lines.firstIndex { $0.contains("\"seq\":\(event),") })
    #expect(recorded < reported)
  }
}
