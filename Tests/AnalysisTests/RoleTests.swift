import Analysis
import Multiprocessing
import TestSupport
import Testing
import TraceModel

/// The role of each process, from its command line and its origin.
struct RoleTests {
  @Test func `a script, its resource tracker and two spawn workers`() {
    var list = EventList()
    list.main(100, "main.py")
    list.resourceTracker(100, 101)
    list.spawnWorker(100, 102)
    list.spawnWorker(100, 103)
    let records = list.records
    #expect(records.map(\.role) == [.main, .resourceTracker, .spawnWorker, .spawnWorker])
    #expect(records.map(\.startMethod) == [nil, nil, .spawn, .spawn])
    #expect(records.map(\.parent) == [nil, 1, 1, 1])
    #expect(records.map(\.logicalParent) == [nil, 1, 1, 1])
    #expect(records.map(\.id) == [1, 2, 3, 4])
    #expect(records.map(\.pid.rawValue) == [100, 101, 102, 103])
  }

  @Test(arguments: [
    "from multiprocessing.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)",
    "from multiprocess.spawn import spawn_main; spawn_main(tracker_fd=5, pipe_handle=7)",
    "from billiard.spawn import spawn_main; spawn_main(pipe_handle=7)",
  ])
  func `command lines of workers`(text: String) throws {
    for flag in ["--multiprocessing-fork", "--billiard-fork"] {
      let record = try child("-B", "-c", text, flag)
      #expect(record.role == .spawnWorker)
      #expect(record.startMethod == .spawn)
    }
  }

  @Test(arguments: [
    "from multiprocessing.resource_tracker import main;main(5)",
    "from multiprocessing.semaphore_tracker import main;main(5)",
    "from multiprocess.resource_tracker import main;main(5)",
    "from billiard.semaphore_tracker import main;main(5)",
    "from joblib.externals.loky.backend.resource_tracker import main; main(3, False)",
  ])
  func `command lines of trackers`(text: String) throws {
    let record = try child("-c", text)
    #expect(record.role == .resourceTracker)
    #expect(record.startMethod == nil)
  }

  @Test(arguments: [
    ["from multiprocessing.forkserver import main; main(7, 8, ['__main__'], **{})"],
    ["from multiprocess.forkserver import main; main(7, 8, ['__main__'], **{})"],
    [
      "import sys; from multiprocessing.forkserver import main; main(7, 8, sys_argv=sys.argv[1:])",
      "main.py", "--fast",
    ],
  ])
  func `command lines of forkservers, also with the parent's own arguments behind them`(
    words: [String]
  ) throws {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.execute(101, list.interpreter, ["python", "-c"] + words)
    let record = try #require(list.records.last)
    #expect(record.role == .forkserver)
    #expect(record.script == nil)
  }

  @Test func `loky's workers`() throws {
    let record = try child(
      "-m", "joblib.externals.loky.backend.popen_loky_posix", "--process-name", "LokyProcess-1",
      "--pipe", "9")
    #expect(record.role == .spawnWorker)
    #expect(record.startMethod == .loky)
  }

  @Test(arguments: ["/opt/tool/tool", "/opt/report-3.2", "/opt/app2.7"])
  func `a frozen program that is its own interpreter, without a version in its name`(
    program: String
  ) {
    var list = EventList()
    list.launch(100)
    list.execute(100, program, [program, "--fast"])
    list.fork(100, 101, by: .vfork)
    list.execute(
      101, program, [program, "--multiprocessing-fork", "tracker_fd=6", "pipe_handle=8"])
    #expect(list.records.map(\.role) == [.main, .spawnWorker])
    #expect(list.records.map(\.startMethod) == [nil, .spawn])
    #expect(list.records.map(\.python) == [nil, nil])
  }

  @Test(arguments: [
    ["/usr/bin/grep", "-e", "--multiprocessing-fork", "log"],
    ["/usr/bin/pgrep", "--multiprocessing-fork"],
    ["/usr/bin/pgrep", "-f", "from multiprocessing.spawn import spawn_main"],
  ])
  func `programs that only have the words of a worker among their own`(words: [String]) throws {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.execute(101, words[0], words)
    #expect(try #require(list.records.last).role == .other)
  }

  @Test func `a shell that is asked to start a tracker is a shell`() {
    var list = EventList()
    list.launch(100)
    list.execute(
      100, "/bin/sh",
      ["sh", "-c", "python -c 'from multiprocessing.resource_tracker import main;main(5)'"])
    #expect(list.records.map(\.role) == [.shell])
  }

  @Test func `a script of the user's with such a word as its argument is still a script`() throws {
    let record = try child("tool.py", "--multiprocessing-fork")
    #expect(record.role == .subprocess)
    #expect(record.script?.path == "/w/tool.py")
  }

  @Test
  func `a fork that executes nothing, of a script, of a worker, of a shell, of something else`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101)
    list.spawnWorker(100, 102)
    list.fork(102, 103)
    list.fork(100, 104)
    list.execute(104, "/bin/sh", ["sh", "-c", "true"])
    list.fork(104, 105)
    list.fork(100, 106)
    list.execute(106, "/usr/bin/make", ["make"])
    list.fork(106, 107)
    let roles = list.records.map(\.role)
    #expect(
      roles == [.main, .forkWorker, .spawnWorker, .forkWorker, .shell, .shell, .other, .other])
    #expect(list.records[1].startMethod == .fork)
    #expect(list.records[1].script == list.records[0].script)
    #expect(list.records[1].executable == list.records[0].executable)
    #expect(list.records[5].startMethod == nil)
  }

  @Test
  func `another Python under a Python is a subprocess, also with a shell or a program between`() {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    list.python(101, "other.py")
    list.fork(100, 102, by: .vfork)
    list.execute(102, "/usr/bin/dash", ["sh", "-c", "python third.py; true"])
    list.fork(102, 103)
    list.python(103, "third.py")
    list.fork(101, 104)
    list.execute(104, "/usr/bin/env", ["env", "python", "fourth.py"])
    list.python(104, "fourth.py")
    #expect(list.records.map(\.role) == [.main, .subprocess, .shell, .subprocess, .subprocess])
    #expect(
      list.records.map { $0.script?.path } == [
        "/w/main.py", "/w/other.py", nil, "/w/third.py", "/w/fourth.py",
      ])
    #expect(list.records.map(\.startMethod) == [nil, nil, nil, nil, nil])
  }

  @Test func `a first Python is main after any other program: sh -c, make, an interpreter's shim`()
  {
    var list = EventList()
    list.launch(100)
    list.execute(100, "/bin/bash", ["bash", "-c", "python main.py; true"])
    list.fork(100, 101)
    list.execute(101, "/usr/bin/make", ["make", "test"])
    list.fork(101, 102)
    list.python(102, "main.py")
    #expect(list.records.map(\.role) == [.shell, .other, .main])
  }

  private func child(_ words: String...) throws -> ProcessRecord {
    var list = EventList()
    list.main(100, "main.py")
    list.fork(100, 101, by: .vfork)
    var script: ScriptFile?
    if case .script(let name) = PythonCommandLine(["python"] + words).target {
      script = ScriptFile(path: "/w/" + name, identity: nil)
    }
    list.execute(101, list.interpreter, ["python"] + words, script: script)
    return try #require(list.records.last)
  }
}
