import CILog
import Testing
import TraceModel

/// Logs of several processes, with names in the lines.
struct WriterTests {
  private static let cart = Worker.traceback("/w/cart/worker.py", 9, "pool = Pool(2)")
  private static let stock =
    Worker.beginning + Worker.frame("/w/stock/worker.py", 17, "<module>", "go(context)")
    + Worker.frame("/w/stock/worker.py", 11, "go", "p.start()") + Worker.start + Worker.message

  private static func lines(_ text: String, _ prefix: String) -> [String] {
    text.prefixed(prefix).split(separator: "\n").map { String($0) }
  }

  @Test(
    arguments: [
      ("web-1     | ", "worker-1  | "), ("[gw0] ", "[gw1] "), ("api | ", "scheduler-1 | "),
      ("app[web.1]: ", "app[job.1]: "), ("(f pid=12) ", "(f pid=4131) "), ("[4131] ", "[4132] "),
      ("2026-01-01T00:00:00Z web.1 | ", "2026-01-01T00:00:00Z web.2 | "),
      ("2026-01-01 10:00:00,123 - web - ERROR - ", "2026-01-01 10:00:00,124 - job - ERROR - "),
    ], 1...8 as ClosedRange<UInt64>)
  func `each named process has its own tracebacks`(_ names: (String, String), _ seed: UInt64) {
    let log = TornTests.mixed(
      [Self.lines(Self.cart, names.0), Self.lines(Self.stock, names.1)], seed: seed)
    let faults = log.reading.faults.sorted { ($0.culprit?.path ?? "") < ($1.culprit?.path ?? "") }
    #expect(faults.map(\.culprit?.path) == ["/w/cart/worker.py", "/w/stock/worker.py"])
    #expect(faults.map(\.culprit?.line) == [9, 17])
    #expect(faults.map(\.culprit?.source?.line) == ["pool = Pool(2)", "go(context)"])
    #expect(faults.map(\.callSite?.line) == [9, 11])
    #expect(faults.map(\.isWhole) == [true, true])
  }

  /// Prefixes of one process's lines that differ in each line, or in some.
  private static let numbers: [@Sendable (Int) -> String] = [
    { "[\(100 + $0)] " }, { "[\(100 + $0 / 3)] child: " },
    { "[runner.py:\([9, 88, 104][$0 % 3])] " },
    { "\(["INFO", "ERROR", "WARN"][$0 % 3]): " }, { "2026-01-01T00:00:\(10 + $0 / 9)Z job: " },
    { "\(1 + $0 / 7)s | " }, { "line\($0): " }, { "#\($0) | " }, { "[0x7f\(1000 + $0)] " },
    { "[10:00:\(10 + $0 % 7)]W:\t [Step 1/2] " }, { "10:00:\(10 + $0 / 5).\($0 % 10) | " },
  ]

  @Test(arguments: numbers.indices, 1...4 as ClosedRange<UInt64>)
  func `what changes in one process's lines is no name`(_ index: Int, _ seed: UInt64) {
    let lines = Self.stock.split(separator: "\n").map { String($0) }
    let plain = TornTests.mixed([lines, lines, lines], seed: seed)
    let reading = plain.prefixed(Self.numbers[index]).reading
    #expect(reading.faults.map(\.culprit?.line) == [17])
    #expect(reading.faults.map(\.callSite?.line) == plain.reading.faults.map(\.callSite?.line))
  }
}
