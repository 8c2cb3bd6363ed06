import CILog
import Testing
import TraceModel

/// Logs that are made to exhaust the reader.
struct BoundTests {
  @Test func `thousands of other failures leave room for a cycle`() {
    let others = (0..<3_000).map { number in
      "Traceback (most recent call last):\n"
        + Worker.frame("/w/test_\(number).py", number + 1, "test_\(number)", "send(lambda: 0)")
        + Worker.frame("/usr/lib/python3.8/multiprocessing/reduction.py", 60, "dump", "dump(obj)")
        + "AttributeError: Can't pickle local object 'f\(number).<locals>.g'\n"
    }
    let reading = (others.joined() + Worker.traceback()).reading
    #expect(reading.faults.contains { $0.rule == "ST101" && $0.culprit?.line == 10 })
    #expect(reading.faults.count < 200)
  }

  @Test func `a recursion without end is cut`() {
    let calls = String(repeating: Worker.frame("/w/main.py", 3, "f", "f()"), count: 20_000)
    let text =
      Worker.beginning + Worker.frame("/w/main.py", 10, "<module>", "f()") + calls
      + Worker.frame("/w/main.py", 4, "f", "process.start()") + Worker.start + Worker.message
    let fault = text.reading.faults.first
    #expect(fault?.culprit?.line == 10)
    #expect(fault?.callSite?.line == 4)
    #expect((fault?.frames.count ?? 0) < 1_000)
  }

  @Test func `heads without frames are given up`() {
    let heads = String(repeating: "Traceback (most recent call last):\n", count: 5_000)
    #expect((heads + Worker.traceback()).reading.faults.map(\.culprit?.line) == [10])
  }

  @Test func `quotes and paths without end`() {
    let log = String(repeating: "  File \"", count: 5_000) + "\n  File \"/w/\n" + Worker.traceback()
    #expect(log.reading.faults.map(\.culprit?.line) == [10])
  }
}
