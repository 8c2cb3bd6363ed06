import Analysis
import TestSupport
import Testing
import TraceModel

/// The script that each interpreter executes, and how it is known.
struct ScriptTests {
  private func script(_ list: EventList, _ id: Int = 1) throws -> Script {
    try #require(list.records[id - 1].script)
  }

  @Test func `a script is declared by the command line, then opened`() throws {
    var list = EventList()
    list.launch(100)
    list.python(100, "-u", "sub/../main.py", "a")
    var script = try script(list)
    #expect(script.path == "/w/main.py")
    #expect(script.runsAs == "__main__")
    #expect(script.evidence == .declared)
    #expect(script.identity == EventList.identity(of: "/w/main.py"))
    list.open(100, "/w/helper.py")
    #expect(try self.script(list).evidence == .declared)
    list.open(100, "/w/main.py")
    script = try self.script(list)
    #expect(script.evidence == .opened)
    #expect(script.path == "/w/main.py")
  }

  @Test func `a script that is opened under another name is the same file`() throws {
    var list = EventList()
    list.launch(100)
    list.python(100, "link.py")
    list.open(100, "/w/real.py", identity: EventList.identity(of: "/w/link.py"))
    let script = try script(list)
    #expect(script.path == "/w/link.py")
    #expect(script.evidence == .opened)
  }

  @Test func `a script that wasn't there yet gets its identity when it is opened`() throws {
    var list = EventList()
    list.launch(100)
    list.execute(
      100, list.interpreter, ["python", "main.py"],
      script: ScriptFile(path: "/w/main.py", identity: nil))
    list.open(100, "/w/main.py")
    #expect(try script(list).identity == EventList.identity(of: "/w/main.py"))
  }

  @Test func `a directory is run by its __main__.py`() throws {
    var list = EventList()
    list.launch(100)
    list.python(100, "tool")
    #expect(try script(list).path == "/w/tool/__main__.py")
    #expect(try script(list).identity == nil)
    list.open(100, "/w/tool/__main__.py")
    #expect(try script(list).evidence == .opened)
    #expect(try script(list).identity == EventList.identity(of: "/w/tool/__main__.py"))
  }

  @Test func `a zipapp is itself the script`() throws {
    var list = EventList()
    list.main(100, "app.pyz")
    #expect(try script(list).path == "/w/app.pyz")
    #expect(try script(list).evidence == .opened)
  }

  @Test(arguments: [
    ("pkg.tool", "/w/pkg/tool.py", "/w/pkg/tool.py", true),
    ("pkg.tool", "/w/pkg/__pycache__/tool.cpython-313.pyc", "/w/pkg/tool.py", false),
    ("pkg.tool", "/w/pkg/__pycache__/tool.cpython-313.opt-1.pyc", "/w/pkg/tool.py", false),
    ("pkg.tool", "/w/pkg/tool.pyc", "/w/pkg/tool.py", false),
    ("pkg", "/w/pkg/__main__.py", "/w/pkg/__main__.py", true),
    ("pkg", "/w/pkg/__pycache__/__main__.cpython-38.pyc", "/w/pkg/__main__.py", false),
    ("tool", "/w/tool.py", "/w/tool.py", true),
  ])
  func `-m: the module's file, from its source or its cached form`(
    name: String, opened: String, path: String, hasIdentity: Bool
  ) throws {
    var list = EventList()
    list.launch(100)
    list.python(100, "-m", name)
    #expect(list.records[0].script == nil)
    list.open(100, "/w/pkg/__init__.py")
    list.open(100, "/w/pkg/other_tool.py")
    list.open(100, "/w/pkg/__pycache__/tools.cpython-313.pyc")
    #expect(list.records[0].script == nil)
    list.open(100, opened)
    let script = try script(list)
    #expect(script.path == path)
    #expect(script.runsAs == "__main__")
    #expect(script.evidence == .opened)
    #expect((script.identity != nil) == hasIdentity)
    // A later file of that name is not the script.
    list.open(100, "/elsewhere" + path)
    #expect(try self.script(list).path == path)
  }

  @Test(arguments: [["-"], ["-c", "x"], []])
  func `standard input, -c and a conversation have no script`(words: [String]) {
    var list = EventList()
    list.launch(100)
    list.execute(100, list.interpreter, ["python"] + words)
    list.open(100, "/w/helper.py", times: 3)
    #expect(list.records[0].script == nil)
    #expect(list.records[0].role == .main)
  }

  // MARK: Workers

  @Test func `a worker's script is its parent's, by the path`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    #expect(list.records[1].script == nil)
    list.open(101, "/w/helper.py")
    #expect(list.records[1].script == nil)
    list.open(101, "/w/main.py", identity: FileIdentity(device: 1, inode: 1))
    let script = try script(list, 2)
    #expect(script.path == "/w/main.py")
    #expect(script.runsAs == "__mp_main__")
    #expect(script.evidence == .opened)
    #expect(script.identity == FileIdentity(device: 1, inode: 1))
  }

  @Test func `a worker's script is its parent's, by the file behind another name`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/real.py", identity: EventList.identity(of: "/w/main.py"))
    #expect(try script(list, 2).path == "/w/real.py")
    #expect(try script(list, 2).runsAs == "__mp_main__")
  }

  @Test func `a worker's script is the one that it opens three times in a row, not the command's`()
    throws
  {
    var list = EventList()
    list.main(100, "runner.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/x.py", times: 2)
    list.open(101, "/w/y.py")
    list.open(101, "/w/x.py")
    #expect(list.records[1].script == nil)
    list.open(101, "/w/x.py", times: 2)
    #expect(try script(list, 2).path == "/w/x.py")
    #expect(try script(list, 2).runsAs == "__mp_main__")
  }

  @Test func `a worker of a module finds its parent's script in the cached form`() throws {
    var list = EventList()
    list.launch(100)
    list.python(100, "-m", "pkg.tool")
    list.open(100, "/w/pkg/__pycache__/tool.cpython-313.pyc")
    list.spawnWorker(100, 101)
    list.open(101, "/w/pkg/__pycache__/__init__.cpython-313.pyc")
    #expect(list.records[1].script == nil)
    list.open(101, "/w/pkg/__pycache__/tool.cpython-313.pyc")
    #expect(try script(list, 2).path == "/w/pkg/tool.py")
    #expect(try script(list, 2).identity == nil)
  }

  @Test func `a forkserver's worker, by its client's script, and the worker of a worker`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.forkserver(100, 101, at: "/tmp/s")
    list.connect(100, "/tmp/s")
    list.fork(101, 102)
    list.open(102, "/w/main.py")
    #expect(try script(list, 3).runsAs == "__mp_main__")
    list.spawnWorker(102, 103)
    list.open(103, "/w/main.py")
    #expect(try script(list, 4).path == "/w/main.py")
  }

  @Test func `a file that a worker opens later isn't its script`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    list.open(101, "/w/data.py", times: 5)
    #expect(try script(list, 2).path == "/w/main.py")
  }

  @Test func `a tracker, a shell and a forked worker recognise nothing`() throws {
    var list = EventList()
    list.main(100, "main.py")
    list.resourceTracker(100, 101)
    list.open(101, "/w/main.py", times: 3)
    list.fork(100, 102)
    list.open(102, "/w/other.py", times: 3)
    #expect(list.records[1].script == nil)
    #expect(try script(list, 3).path == "/w/main.py")
  }
}
