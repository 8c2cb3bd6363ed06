import Analysis
import TestSupport
import Testing
import TraceModel

@testable import SpawnTraceCLI

/// The lines that `-v` prints.
struct ProcessLineTests {
  private func lines(_ list: EventList) -> [String] {
    var forest = ProcessForest()
    return list.events.compactMap { event in
      forest.apply(event)
      return ProcessLine(event, in: forest)?.text
    }
  }

  @Test func `a line for each program that is executed`() {
    var list = EventList()
    list.main(100, "main.py")
    list.resourceTracker(100, 101)
    list.spawnWorker(100, 102)
    list.fork(102, 103)
    list.execute(103, "/bin/sh", ["sh", "-c", "true"])
    list.open(102, "/w/main.py", times: 3)
    list.exit(103)
    #expect(
      lines(list) == [
        "[100] main main.py as __main__",
        "[101] resource-tracker, asked for by 100",
        "[102] spawn-worker of main.py, asked for by 100",
        "[103] shell sh -c true, asked for by 102",
      ])
  }

  @Test func `a forkserver's worker executes nothing, and has a line as it begins`() {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.connect(100, "/tmp/s")
    list.fork(101, 102)
    list.fork(100, 103)
    #expect(
      lines(list) == [
        "[100] main main.py as __main__",
        "[101] forkserver, asked for by 100",
        "[102] forkserver-worker of main.py, asked for by 100",
      ])
  }

  @Test func `a script elsewhere has its whole path; long arguments are cut`() {
    var list = EventList()
    list.launch(100)
    list.python(100, "/opt/tool.py")
    list.fork(100, 101)
    list.execute(101, "/bin/echo", ["echo"] + Array(repeating: "word", count: 100))
    let shown = lines(list)
    #expect(shown.first == "[100] main /opt/tool.py as __main__")
    let line = shown.last ?? ""
    #expect(line.hasPrefix("[101] other echo word ") && line.hasSuffix(", asked for by 100"))
    #expect(["word…", "word …", "word...", "word ..."].contains { line.contains($0) })
    #expect(line.count < 160)
  }

  @Test func `an event of an unknown process has no line`() {
    var list = EventList()
    list.execute(999, "/bin/true", ["true"])
    #expect(lines(list).isEmpty)
  }
}
