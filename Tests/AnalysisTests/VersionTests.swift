import Analysis
import TestSupport
import Testing
import TraceModel

/// The Python version of a process: a stack's, else the one in the file's name.
struct VersionTests {
  @Test(arguments: [
    ("/usr/bin/python3.13", PythonVersion(major: 3, minor: 13)),
    ("/usr/local/bin/python3.14t", PythonVersion(major: 3, minor: 14)),
    ("/usr/bin/python3.8-dbg", PythonVersion(major: 3, minor: 8)),
    ("/usr/bin/python2.7", PythonVersion(major: 2, minor: 7)),
    ("/usr/bin/python3", nil), ("/opt/python3.9/bin/python", nil),
  ])
  func `the name of the interpreter's file`(executable: String, version: PythonVersion?) {
    var list = EventList()
    list.interpreter = executable
    list.main(100, "main.py")
    #expect(list.records[0].python == version)
  }

  @Test func `a stack shows more, and for all that run the same file, before and after`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, Stacks.spawnModule, stack: Stacks.read(Stacks.start(), [Stacks.main(3)]))
    list.spawnWorker(100, 102)
    list.fork(102, 103)
    list.execute(103, "/usr/bin/python3.8", ["python3.8", "x.py"])
    let eight = PythonVersion(major: 3, minor: 8)
    #expect(
      list.records.map(\.python) == [Stacks.version, Stacks.version, Stacks.version, eight])
  }

  @Test func `a program that isn't Python has no version`() {
    var list = EventList()
    list.launch(100)
    list.execute(100, "/opt/tool-3.13", ["tool"])
    list.fork(100, 101)
    list.execute(101, "/bin/sh", ["sh"])
    #expect(list.records.map(\.python) == [nil, nil])
  }

  @Test func `a stack that can't be read shows no version`() {
    var list = EventList()
    list.interpreter = "/usr/bin/python3"
    list.main(100, "main.py")
    list.open(100, Stacks.spawnModule, stack: .unreadable("no offsets for CPython 3.17"))
    #expect(list.records[0].python == nil)
    #expect(list.records[0].startAttempt.isEmpty)
  }
}
