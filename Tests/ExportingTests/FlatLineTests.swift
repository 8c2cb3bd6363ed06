import Analysis
import Bytes
import Exporting
import Recording
import Testing
import TraceModel

struct FlatLineTests {
  private static let header = RecordingHeader(
    tool: "1.0", run: "r1", began: "2026-11-23T01:40:28Z", monotonicStart: 7, host: "ci-7",
    kernel: "6.18", architecture: "x86_64", processorCount: 2,
    command: ["python", "a \"b\".py", String(exactly: [0xff])], workingDirectory: "/w",
    environment: .init(),
    options: .init(
      limits: Limits(maxProcesses: 9), evidence: "all", timeout: nil, capture: "needed",
      mechanism: "notify"),
    limitations: [])

  private static let identity =
    #"{"run":"r1","t0":"2026-11-23T01:40:28Z","host":"ci-7","command":"python a \"b\".py \#u{fffd}","#

  private func flat(_ line: String, isHeader: Bool = false) -> String {
    let bytes = Array(line.utf8).withUnsafeBytes {
      FlatLine(Self.header).line($0, isHeader: isHeader)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func `the run's identity stands in front`() {
    #expect(flat(#"{"k":"pipe","seq":1}"#) == Self.identity + "\"k\":\"pipe\",\"seq\":1}\n")
  }

  /// It has the identity itself.
  @Test func `the header gets the command as a text`() {
    #expect(
      flat(#"{"k":"hdr","run":"r1"}"#, isHeader: true)
        == #"{"command":"python a \"b\".py \#u{fffd}","# + "\"k\":\"hdr\",\"run\":\"r1\"}\n")
  }

  @Test(arguments: [
    (#""path":{"b64":"L3f/"},"x":1}"#, "\"path\":\"/w\u{fffd}\",\"x\":1}"),
    (#""argv":["a",{"b64":"gQ=="},{"b64":""}]}"#, "\"argv\":[\"a\",\"\u{fffd}\",\"\"]}"),
    // Inside a text it is text.
    (#""text":"{\"b64\":\"L3f/\"}"}"#, #""text":"{\"b64\":\"L3f/\"}"}"#),
    (#""path":{"b64":"*"}}"#, #""path":{"b64":"*"}}"#),
    (#""path":{"b64":"L3f/""#, #""path":{"b64":"L3f/""#),
  ])
  func `texts that aren't UTF-8`(members: String, expected: String) {
    #expect(flat("{" + members).dropFirst(Self.identity.count) == expected + "\n")
  }

  @Test func `processes, findings and the verdict are lines`() {
    var report = RunReport(
      toolVersion: "1.0", source: .live, command: [], workingDirectory: "/w",
      termination: .signal(9), findings: [], processes: [], events: 12, limitations: [])
    var worker = ProcessRecord(
      id: 2, pid: ProcessID(rawValue: 77), role: .spawnWorker,
      startedAt: TraceTime(nanoseconds: 5))
    worker.parent = 1
    worker.logicalParent = 1
    worker.startMethod = .spawn
    worker.script = Script(
      path: "/w/main.py", identity: nil, runsAs: "__mp_main__", evidence: .opened)
    worker.termination = .status(1)
    report.processes = [worker]
    report.lost = 3
    report.isTruncated = true
    let lines = String(decoding: FlatLine(Self.header).lines(of: report), as: UTF8.self)
      .split(separator: "\n").map { $0.dropFirst(Self.identity.count) }
    #expect(
      lines == [
        #""k":"process","process":2,"pid":77,"parentProcess":1,"logicalParent":1,"role":"spawn-worker","#
          + #""startMethod":"spawn","argv":[],"scriptPath":"/w/main.py","runsAs":"__mp_main__","t":5,"#
          + #""status":1}"#,
        #""k":"verdict","verdict":"healthy","sig":9,"events":12,"lost":3,"truncated":true}"#,
      ])
  }
}
