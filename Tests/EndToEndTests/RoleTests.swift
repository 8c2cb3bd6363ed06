import TestSupport
import Testing

/// The role of each process of a run, and what it executes.
struct RoleTests {
  private let python: String
  private let folder: ScratchFolder

  init() throws {
    python = try Interpreters.newest().path
    folder = try ScratchFolder()
    try folder.write("x.py", "pass\n")
    try folder.write("pkg/__init__.py", "")
    try folder.write("pkg/tool.py", "pass\n")
    try folder.write("app/__main__.py", "pass\n")
  }

  private func trace(_ command: [String], input: String = "") throws -> Report {
    let run = try Traced.run(command, in: folder.path, input: input)
    #expect(run.outcome.ending == "status 0", "\(run.outcome.standardError)")
    return try #require(run.report)
  }

  private func script(_ name: String) -> String {
    folder.path + "/" + name
  }

  @Test func `what the command line names is what the interpreter executes`() throws {
    for (arguments, path) in [
      (["x.py"], "x.py"), (["-m", "pkg.tool"], "pkg/tool.py"), (["app"], "app/__main__.py"),
    ] {
      let main = try #require(try trace([python] + arguments).processes.first)
      #expect(main.role == "main" && main.script?.runsAs == "__main__", "\(arguments)")
      #expect(main.script?.path == script(path), "\(arguments)")
    }
    for arguments in [["-c", "pass"], ["-"], []] {
      let main = try #require(try trace([python] + arguments, input: "pass\n").processes.first)
      #expect(main.role == "main" && main.script == nil, "\(arguments)")
    }
  }

  @Test func `a script with an interpreter line is the main script of that interpreter`() throws {
    try folder.write("tool", "#!/usr/bin/env \(python)\npass\n", isExecutable: true)
    let main = try #require(try trace(["./tool"]).processes.first)
    #expect(main.role == "main" && main.script?.path == script("tool"))
  }

  @Test func `a shell before Python is a shell, and the Python is main`() throws {
    let report = try trace(["sh", "-c", "\(python) x.py; true"])
    #expect(report.processes.map(\.role) == ["shell", "main"])
    #expect(report.processes.map(\.parent) == [nil, 1])
  }

  @Test(arguments: [
    "subprocess.check_call([sys.executable, 'x.py'])",
    "os.system(sys.executable + ' x.py')",
    "os.waitpid(os.posix_spawn(sys.executable, [sys.executable, 'x.py'], os.environ), 0)",
    "os.fork() or os.execv(sys.executable, [sys.executable, 'x.py']); os.wait()",
  ])
  func `another Python is a subprocess of the one that starts it, in any way`(statement: String)
    throws
  {
    let report = try trace([python, "-c", "import os, subprocess, sys; " + statement])
    let child = try #require(report.processes("subprocess").first)
    #expect(child.script?.path == script("x.py") && child.script?.runsAs == "__main__")
    #expect(report.processes("subprocess").count == 1)
    #expect(report.processes("main").map(\.id) == [1])
  }

  @Test func `a main that becomes another program stays main`() throws {
    let report = try trace([
      python, "-c", "import os, sys; os.execv(sys.executable, [sys.executable, 'x.py'])",
    ])
    #expect(report.processes.map(\.role) == ["main"])
    #expect(report.processes[0].script?.path == script("x.py"))
  }

  @Test func `a fork is a fork worker, and the report has its end`() throws {
    let report = try trace([
      python, "-c",
      "import os, signal\nif os.fork() == 0: os.kill(os.getpid(), signal.SIGKILL)\nos.wait()",
    ])
    #expect(report.processes.map(\.role) == ["main", "fork-worker"])
    #expect(report.processes[1].exit?.signal == 9)
  }

  @Test(arguments: Interpreters.all)
  func `spawn has workers and the tracker`(interpreter: Interpreters.Interpreter) throws {
    let report = try roles(interpreter, method: "spawn")
    #expect(report.processes("resource-tracker").count >= 1)
    let worker = try #require(report.processes("spawn-worker").first)
    #expect(worker.script?.path == script("main.py") && worker.script?.runsAs == "__mp_main__")
    #expect(worker.logicalParent == 1 && worker.startMethod == "spawn")
  }

  @Test(arguments: Interpreters.all)
  func `forkserver has the server, and workers with their client as logical parent`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let report = try roles(interpreter, method: "forkserver")
    let server = try #require(report.processes("forkserver").first)
    let worker = try #require(report.processes("forkserver-worker").first)
    #expect(worker.parent == server.id && worker.logicalParent == 1)
    #expect(worker.script?.path == script("main.py") && worker.script?.runsAs == "__mp_main__")
  }

  private func roles(_ interpreter: Interpreters.Interpreter, method: String) throws -> Report {
    try folder.write(
      "main.py",
      """
      import multiprocessing

      def work(): pass

      if __name__ == "__main__":
          process = multiprocessing.get_context("\(method)").Process(target=work)
          process.start()
          process.join()

      """)
    let report = try trace([interpreter.path, "main.py"])
    #expect(report.processes[0].role == "main")
    #expect(report.processes[0].script?.path == script("main.py"))
    let versions = report.processes.compactMap(\.python)
    #expect(!versions.isEmpty && versions.allSatisfy { $0.hasPrefix(interpreter.version) })
    return report
  }
}
