import Multiprocessing
import Testing
import TraceModel

struct OpenedPathTests {
  private static let worker = [
    "python", "-c", "from multiprocessing.spawn import spawn_main; spawn_main(pipe_handle=8)",
    "--multiprocessing-fork",
  ]

  private func open(
    _ path: String, by executable: String = "/usr/bin/python3.13", _ arguments: [String] = [],
    scripts: Set<String> = []
  ) -> FileOpen.Meaning? {
    var state = ProcessState()
    state.executed(Program(executable: executable), WorkerCommand(arguments))
    return Array(path.utf8).withUnsafeBytes {
      FileOpen.Meaning($0, openedBy: state, scripts: scripts)
    }
  }

  @Test(arguments: [
    "/usr/lib/python3.13/multiprocessing/popen_spawn_posix.py",
    "/usr/lib/python3.13/multiprocessing/__pycache__/popen_spawn_posix.cpython-313.pyc",
    "/usr/lib/python3.13/multiprocessing/__pycache__/popen_forkserver.cpython-313.opt-1.pyc",
    "/w/.venv/lib/python3.13/site-packages/multiprocess/popen_forkserver.py",
    "/w/.venv/lib/python3.13/site-packages/billiard/popen_spawn_posix.py",
    "popen_spawn_posix.py", "popen_forkserver.pyc",
  ])
  func `the modules that start a process for multiprocessing, of any package`(path: String) {
    #expect(open(path) == .starter)
    // An interpreter may be inside of a program with any name.
    #expect(open(path, by: "/usr/bin/vim") == .starter)
  }

  @Test(arguments: [
    "/w/main.py", "main.py", "/w/pkg/__pycache__/tool.cpython-313.pyc", "/w/old.pyc", "/w/.py",
    "/w/popen_fork.py", "/w/my_popen_spawn_posix.py", "/w/popen_spawn_posix/x.py",
  ])
  func `files of the user's program`(path: String) {
    #expect(open(path) == .program)
    #expect(open(path, by: "/usr/bin/vim") == nil)
  }

  @Test(arguments: [
    "", "/", "/w/", "/w/data.json", "/w/py", "/w/mainpy", "/w/x.pyi", "/w/x.PY", "/w/x.pyc.tmp",
    "/usr/lib/python3.13/json/__init__.py",
    "/usr/lib/python3.13/multiprocessing/popen_fork.py",
    "/usr/lib/python3.13/multiprocessing/__pycache__/popen_fork.cpython-313.pyc",
    "/w/.venv/lib/python3.13/site-packages/pytest/__init__.py",
    "/usr/lib/libc.so.6", "/w/ext.cpython-313-x86_64-linux-gnu.so", "/w/popen_spawn_posix",
  ])
  func `files that mean nothing`(path: String) {
    #expect(open(path) == nil)
    #expect(open(path, by: "/usr/bin/vim") == nil)
    #expect(open(path, scripts: ["/w/tool"]) == nil)
  }

  @Test func `a script of any name, if a command line has named it`() {
    let scripts: Set = ["/w/bin/tool", "/w/app.pyz"]
    #expect(open("/w/bin/tool", scripts: scripts) == .program)
    #expect(open("/w/app.pyz", scripts: scripts) == .program)
    #expect(open("/w/bin/tool", by: "/usr/bin/vim", scripts: scripts) == nil)
    #expect(open("/w/bin/tool2", scripts: scripts) == nil)
    #expect(open("/w/bin/tool") == nil)
  }

  @Test func `the null device ends a boot window, and popen_fork forks in it`() {
    #expect(open("/dev/null", Self.worker) == .endOfBoot)
    #expect(open("/dev/null") == nil)
    #expect(open("/dev/nullx", Self.worker) == nil)
    let module = "/usr/lib/python3.13/multiprocessing/popen_fork.py"
    #expect(open(module, Self.worker) == .forkStarter)
    #expect(open(module) == nil)
  }

  @Test func `a recording without meanings has those that its paths say`() {
    #expect(FileOpen.Meaning(recordedPath: "/dev/null") == .endOfBoot)
    #expect(FileOpen.Meaning(recordedPath: "/m/popen_fork.py") == .forkStarter)
    #expect(FileOpen.Meaning(recordedPath: "/m/popen_spawn_posix.py") == .starter)
    #expect(FileOpen.Meaning(recordedPath: "/m/popen_forkserver.cpython-39.pyc") == .starter)
    #expect(FileOpen.Meaning(recordedPath: "/w/main.py") == .program)
  }
}
