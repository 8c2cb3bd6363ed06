import Analysis
import TestSupport
import Testing
import TraceModel

/// Beginnings, ends and what comes between: each event belongs to the right process.
struct ProcessLifeTests {
  @Test func `a pid that comes back is another process`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.exit(101, .status(1))
    list.fork(100, 101)
    list.execute(101, "/bin/true", ["true"])
    list.exit(101, .signal(9))
    let forest = list.forest
    #expect(forest.completedRecords().map(\.pid.rawValue) == [100, 101, 101])
    #expect(forest.completedRecords().map(\.role) == [.main, .spawnWorker, .other])
    #expect(forest.completedRecords().map(\.termination) == [nil, .status(1), .signal(9)])
    #expect(forest.id(of: ProcessID(rawValue: 101)) == nil)
    #expect(forest.id(of: ProcessID(rawValue: 100)) == 1)
    #expect(forest.liveCount == 1)
    #expect(forest[3].startMethod == nil)
  }

  @Test func `children belong to the process that has the pid when they begin`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.fork(101, 102)
    list.exit(101)
    list.fork(100, 101)
    list.fork(101, 103)
    #expect(list.records.map(\.parent) == [nil, 1, 2, 1, 4])
  }

  @Test func `a daemon keeps its ancestry when its parent is gone`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.fork(101, 102)
    list.exit(101)
    list.exit(100)
    list.python(102, "daemon.py")
    list.spawnWorker(102, 103)
    let records = list.records
    #expect(records.map(\.parent) == [nil, 1, 2, 3])
    #expect(records.map(\.role) == [.main, .forkWorker, .subprocess, .spawnWorker])
    #expect(list.forest.liveCount == 2)
  }

  @Test func `a child has no parent if its parent ended before the child was reported`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.exit(101)
    list.fork(101, 102)
    list.python(102, "late.py")
    #expect(list.records.map(\.parent) == [nil, 1, nil])
    #expect(list.records.map(\.logicalParent) == [nil, 1, nil])
  }

  @Test func `a start that was never seen`() {
    var list = EventList()
    list.main(100, "main.py")
    list.add(.started(Start(call: .unseen, parent: nil)), by: 101)
    #expect(list.records[1].role == .other)
    list.execute(101, "/bin/true", ["true"])
    list.exit(101)
    #expect(list.records.map(\.parent) == [nil, nil])
    #expect(list.records[1].executable == "/bin/true")
    #expect(list.records[1].termination == .status(0))
  }

  @Test func `events of an unknown process change nothing`() {
    var list = EventList()
    list.main(100, "main.py")
    let before = list.records
    list.python(999, "x.py")
    list.open(999, "/w/x.py", times: 3)
    list.bind(999, "/tmp/s")
    list.connect(999, "/tmp/s")
    list.exit(999)
    #expect(list.records == before)
    #expect(list.forest.liveCount == 1)
  }

  @Test func `several programs one after the other in one process: the last one counts`() {
    var list = EventList()
    list.launch(100)
    list.execute(100, "/usr/bin/bash", ["bash", "/home/u/.pyenv/shims/python", "main.py"])
    list.execute(100, "/usr/bin/env", ["env", "python", "main.py"])
    list.execute(100, "/usr/bin/bash", ["bash", "pyenv", "exec", "python", "main.py"])
    #expect(list.records.map(\.role) == [.shell])
    list.interpreter = "/home/u/.pyenv/versions/3.12.1/bin/python3.12"
    list.python(100, "main.py")
    let records = list.records
    #expect(records.map(\.role) == [.main])
    #expect(records[0].script?.path == "/w/main.py")
    #expect(records[0].executable == "/home/u/.pyenv/versions/3.12.1/bin/python3.12")
    #expect(records[0].startedAt == list.events[0].time)
  }

  @Test func `os.execv of the main program by another script keeps it the main program`() {
    var list = EventList()
    list.main(100, "first.py")
    list.open(100, Stacks.spawnModule, stack: Stacks.read(Stacks.start(), [Stacks.main(3)]))
    list.python(100, "second.py", "a")
    #expect(list.records.map(\.role) == [.main])
    #expect(list.records[0].script?.path == "/w/second.py")
    #expect(list.records[0].script?.evidence == .declared)
    #expect(list.records[0].arguments == ["python", "second.py", "a"])
    // The previous program's actions aren't its own.
    #expect(list.records[0].startAttempt.isEmpty)
  }

  @Test func `os.execv of a program that isn't Python, and of a worker by a script`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    list.python(101, "other.py")
    list.execute(100, "/bin/sleep", ["sleep", "1"])
    let records = list.records
    #expect(records.map(\.role) == [.other, .subprocess])
    #expect(records.map(\.startMethod) == [nil, nil])
    #expect(records[0].script == nil)
    #expect(records[1].script?.path == "/w/other.py")
    #expect(records[1].script?.runsAs == "__main__")
  }

  @Test func `times and ends`() {
    var list = EventList()
    list.launch(100)
    list.fork(100, 101)
    list.exit(101, .signal(15))
    let records = list.records
    #expect(records[1].startedAt == TraceTime(nanoseconds: 2_000_000))
    #expect(records[1].endedAt == TraceTime(nanoseconds: 3_000_000))
    #expect(records[1].termination == .signal(15))
    #expect(records[0].endedAt == nil)
  }
}
