import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// ST103: workers that start workers.
struct NestingTests {
  /// Workers nested to this depth, each started by the one before it when that was ready.
  private func nested(
    _ depth: Int32, script: (Int32) -> String = { _ in "/w/main.py" }, forks: Bool = false
  ) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    var parent: Int32 = 100
    for level in 1...depth {
      if forks {
        list.fork(parent, 500 + level, stack: Stacks.read(Stacks.forking, [Stacks.main(4)]))
        parent = 500 + level
      }
      let stack = Stacks.read(Stacks.start(), [Stacks.frame("/w/main.py", 18, "later")])
      list.spawnWorker(parent, 100 + level, stack: stack)
      list.open(100 + level, script(level), times: 3)
      list.open(100 + level, "/dev/null")
      parent = 100 + level
    }
    return list
  }

  @Test func `five are allowed, the sixth is the proof`() throws {
    #expect(nested(5).findings.isEmpty)
    let (report, announced) = nested(6).run()
    #expect(announced.map(\.rule) == [.forkBomb])
    let finding = try #require(report.findings.first)
    #expect(finding.title == "each worker of main.py starts workers, 6 deep")
    #expect(finding.culprit?.line == 18)
    #expect(finding.culprit?.function == "later")
    #expect(finding.processes == [7])
  }

  @Test(arguments: [5, 6])
  func
    `what ends some of its workers only limits a bomb, and is told at the run's end if there is none`(
      depth: Int32
    )
  {
    var list = EventList()
    list.hasInput = true
    list.main(100, "main.py")
    var parent: Int32 = 100
    for level in 1...depth {
      let stack = Stacks.read(Stacks.start(), [Stacks.frame("/w/main.py", 18, "later")])
      list.spawnWorker(parent, 100 + level, stack: stack)
      list.open(100 + level, "/w/main.py", times: 3)
      if level == 2 {
        list.spawnWorker(parent, 200, stack: stack)
        list.open(200, "/w/main.py", times: 3)
        list.exit(200, .status(97))
      }
      list.open(100 + level, "/dev/null")
      parent = 100 + level
    }
    list.exit(100)
    let (report, announced) = list.run()
    let rule: Rule = depth == 6 ? .forkBomb : .neverRan
    #expect(announced.map(\.rule) == [rule] && report.findings.map(\.rule) == [rule])
  }

  @Test func `it is reported once`() {
    #expect(nested(9).run().announced.count == 1)
  }

  @Test func `forked workers in between neither count nor interrupt the nesting`() {
    #expect(nested(5, forks: true).findings.isEmpty)
    #expect(nested(6, forks: true).findings.first?.rule == .forkBomb)
  }

  @Test(arguments: [3, 5] as [Int32])
  func `a launcher between two workers is no level of its own`(depth: Int32) {
    var list = EventList()
    let arguments = ["app", "--multiprocessing-fork", "tracker_fd=6", "pipe_handle=8"]
    list.launch(100)
    list.execute(100, "/opt/app", ["app"])
    for level in 1...depth {
      let start = Stacks.read(Stacks.start(), [Stacks.frame("main.py", 18, "later")])
      list.fork(100 + 2 * (level - 1), 100 + 2 * level - 1, by: .vfork, stack: start)
      list.execute(100 + 2 * level - 1, "/opt/app", arguments)
      list.fork(100 + 2 * level - 1, 100 + 2 * level)
      list.execute(100 + 2 * level, "/opt/app", arguments)
    }
    #expect(list.findings.isEmpty)
  }

  @Test func `workers of different scripts are not nested in each other`() {
    #expect(nested(20) { "/w/script\($0).py" }.findings.isEmpty)
  }

  @Test func `many beside each other aren't nested`() {
    var list = EventList()
    list.main(100, "main.py")
    for worker in Int32(101)...200 {
      list.spawnWorker(100, worker, stack: Stacks.starting(line: 3))
      list.open(worker, "/w/main.py", times: 3)
      list.open(worker, "/dev/null")
      list.exit(worker)
    }
    #expect(list.findings.isEmpty)
  }
}
