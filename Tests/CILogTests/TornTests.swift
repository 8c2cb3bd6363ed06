import CILog
import Testing
import TraceModel

/// Tracebacks that several processes write at once.
struct TornTests {
  private static let lines = Worker.traceback().split(
    separator: "\n", omittingEmptySubsequences: false
  )
  .dropLast().map { String($0) }

  /// A mixture of texts, each in its own order, from a fixed sequence of choices.
  static func mixed(_ texts: [[String]], seed: UInt64) -> String {
    var state = seed
    var texts = texts.map { $0[...] }
    var result = ""
    while texts.contains(where: { !$0.isEmpty }) {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let open = texts.indices.filter { !texts[$0].isEmpty }
      let chosen = open[Int(state >> 33) % open.count]
      result += texts[chosen].removeFirst() + "\n"
    }
    return result
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func `lines of three workers in any mixture`(
    _ seed: UInt64
  ) {
    let reading = Self.mixed([Self.lines, Self.lines, Self.lines], seed: seed).reading
    #expect(reading.faults.map(\.culprit?.line) == [10])
    #expect(reading.faults.first?.culprit?.path == "/w/main.py")
  }

  @Test func `each line four times in step`() {
    let text = Self.lines.map { String(repeating: $0 + "\n", count: 4) }.joined()
    #expect(text.reading.faults.map(\.culprit?.line) == [10])
    #expect(text.reading.faults.first?.culprit?.source?.line == "process.start()")
    #expect(text.reading.faults.first?.count == 4)
  }

  @Test(arguments: 1...20 as ClosedRange<UInt64>) func `the parent's line is not the worker's`(
    _ seed: UInt64
  ) {
    let parent =
      ("Traceback (most recent call last):\n"
      + Worker.frame("/w/main.py", 11, "<module>", "pool.map(f, x)")
      + Worker.frame("/usr/lib/python3.8/multiprocessing/pool.py", 768, "get", "self.wait(timeout)")
      + "KeyboardInterrupt\n").split(separator: "\n").map { String($0) }
    let whole = Self.mixed([Self.lines, Self.lines], seed: seed)
    let text = whole + Self.mixed([Self.lines, parent], seed: seed) + whole
    #expect(text.reading.faults.map(\.culprit?.line) == [10])
  }

  @Test func `the message may come before the frames`() {
    let text =
      Worker.message + Worker.beginning
      + Worker.frame("/w/main.py", 10, "<module>", "process.start()") + Worker.start
    #expect(text.reading.faults.map(\.culprit?.line) == [10])
    #expect(text.reading.placelessMessages == 0)
  }

  @Test func `a line that lost its end to another process`() {
    let text = Worker.traceback().replacing(
      "    process.start()\n  File", with: "    process.start()  File")
    #expect(text.reading.faults.first?.culprit?.source?.line == "process.start()")
    let other = Worker.traceback().replacing(
      "in <module>\n    process", with: "in <module>    process")
    #expect(other.reading.faults.first?.culprit?.source?.line == "process.start()")
  }

  @Test func `thirty repeats are one fault`() {
    let reading = String(repeating: Worker.traceback(), count: 30).reading
    #expect(reading.faults.count == 1)
    #expect(reading.faults.first?.count == 30)
  }

  @Test func `two scripts are two faults`() {
    let text =
      Worker.traceback("/w/services/cart/worker.py")
      + Worker.traceback("/w/services/stock/worker.py")
    #expect(
      text.reading.faults.map(\.culprit?.path) == [
        "/w/services/cart/worker.py", "/w/services/stock/worker.py",
      ])
  }

  @Test func `two lines of a script are two faults`() {
    let text = Worker.traceback() + Worker.traceback("/w/main.py", 20, "other.start()")
    #expect(text.reading.faults.map(\.culprit?.line) == [10, 20])
  }

  @Test(arguments: [
    "  File \"/w/b^^^^\n",
    Worker.frame("<frozen runpootstrap.py", 14, "<module>", "run()"),
    Worker.frame("/w/boen runpy>", 88, "<module>"),
  ]) func `a traceback that lost the culprit's frame is none of another place`(_ line: String) {
    func text(_ culprit: String) -> String {
      Worker.beginning + Worker.frame("/w/app.py", 2, "<module>", "import bootstrap") + culprit
        + Worker.frame("/w/bootstrap.py", 4, "run", "process.start()") + Worker.start
        + Worker.message
    }
    let whole = text(Worker.frame("/w/bootstrap.py", 14, "<module>", "run()"))
    let log = whole + whole + text(line) + whole
    #expect(log.reading.faults.map(\.culprit?.path) == ["/w/bootstrap.py"])
    #expect(log.reading.faults.first?.count == 4)
  }
}
