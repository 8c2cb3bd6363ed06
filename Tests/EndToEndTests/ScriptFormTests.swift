internal import Foundation
internal import TestSupport
internal import Testing

/// The many ways to start a script: the report has the name of the file that Python executes.
struct ScriptFormTests {
  private let python: Interpreters.Interpreter
  private let folder: ScratchFolder

  init() throws {
    python = try Interpreters.newest()
    folder = try ScratchFolder()
  }

  private func main(
    _ command: [String], in directory: String? = nil, environment: [String: String] = [:]
  ) throws -> Report.Process {
    let run = try Traced.run(
      command, in: directory ?? folder.path, environment: environment)
    #expect(run.outcome.ending == "status 0", "\(run.outcome.standardError)")
    let mains = try #require(run.report).processes("main")
    #expect(mains.count == 1)
    return try #require(mains.first)
  }

  @Test(arguments: Interpreters.all)
  func `a zip file`(python: Interpreters.Interpreter) throws {
    try folder.write("app/__main__.py", "print('zipped')\n")
    let made = try ChildProcess.run([python.path, "-m", "zipapp", "app"], in: folder.path)
    #expect(made.status == 0)
    let main = try main([python.path, "app.pyz"])
    #expect(main.script?.path.hasPrefix(folder.path + "/app.pyz") == true)
    #expect(main.script?.runsAs == "__main__")
  }

  @Test(arguments: ["pkg", "pkg.__main__"], Interpreters.all)
  func `a package's __main__`(module: String, python: Interpreters.Interpreter) throws {
    try folder.write("pkg/__init__.py", "")
    try folder.write("pkg/__main__.py", "pass\n")
    let main = try main([python.path, "-m", module])
    #expect(main.script?.path == folder.path + "/pkg/__main__.py")
    #expect(main.script?.runsAs == "__main__")
  }

  @Test func `an interpreter line`() throws {
    let script = try folder.write("tool", "#!\(python.path)\npass\n", isExecutable: true)
    #expect(try main(["./tool"]).script?.path == script)
    // A link that is found through PATH.
    try FileManager.default.createDirectory(
      atPath: folder.file("bin"), withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("bin/linked-tool"), withDestinationPath: "../tool")
    let main = try main(["linked-tool"], environment: ["PATH": folder.file("bin") + ":/bin"])
    #expect(main.script?.path == folder.file("bin/linked-tool"))
  }

  @Test(
    arguments: ["-u", "-B -W ignore", "-Xutf8 -Wignore", "-I", "-Es", "-X dev"], Interpreters.all)
  func `options before it`(options: String, python: Interpreters.Interpreter) throws {
    let script = try folder.write("main.py", "pass\n")
    let words = options.split(separator: " ").map(String.init)
    let main = try main([python.path] + words + ["main.py", "-m", "other", "-c"])
    #expect(main.script?.path == script)
  }

  @Test func `a relative path, from elsewhere`() throws {
    let script = try folder.write("one/main.py", "pass\n")
    try folder.write("two/file", "")
    #expect(
      try main([python.path, "../one/./main.py"], in: folder.file("two")).script?.path == script)
  }

  /// `venv/bin/python` is a link, and the workers are started through it again.
  @Test func `a virtual environment and a console script`() throws {
    let made = try ChildProcess.run(
      [python.path, "-m", "venv", "--without-pip", "venv"], in: folder.path)
    guard made.status == 0 else { try Test.cancel("Debian's interpreters may lack venv") }
    try folder.write(
      "module.py",
      """
      import multiprocessing

      def work(): pass

      def run():
          process = multiprocessing.get_context("spawn").Process(target=work)
          process.start()
          process.join()
          return process.exitcode

      """)
    let script = try folder.write(
      "venv/bin/console",
      """
      #!\(folder.path)/venv/bin/python
      import sys
      sys.path.insert(0, "\(folder.path)")
      from module import run
      if __name__ == "__main__":
          sys.exit(run())

      """, isExecutable: true)
    let run = try Traced.run([script], in: "/")
    #expect(run.outcome.ending == "status 0", "\(run.outcome.standardError)")
    let report = try #require(run.report)
    #expect(report.verdict == "healthy")
    #expect(report.processes("main").first?.script?.path == script)
    let worker = try #require(report.processes("spawn-worker").first)
    #expect(worker.script?.path == script && worker.script?.runsAs == "__mp_main__")
    #expect(worker.arguments.first == folder.path + "/venv/bin/python")
  }

  @Test(.enabled(if: Interpreters.python2 != nil, "there is no Python 2.7"))
  func `Python 2.7`() throws {
    let old = try #require(Interpreters.python2)
    let script = try folder.write(
      "main.py",
      """
      import multiprocessing, os, sys
      pool = multiprocessing.Pool(2)
      print sum(pool.map(abs, range(4)))
      pool.close()
      pool.join()
      os.system(sys.executable + " -c pass")

      """)
    let run = try Traced.run([old.path, "main.py"], in: folder.path)
    #expect(run.outcome.ending == "status 0", "\(run.outcome.standardError)")
    #expect(run.outcome.standardOutput == "6\n")
    let report = try #require(run.report)
    #expect(report.verdict == "healthy")
    let main = try #require(report.processes("main").first)
    #expect(main.script?.path == script && main.python?.hasPrefix("2.7") == true)
    #expect(report.processes("fork-worker").count == 2)
    #expect(report.processes("subprocess").count == 1)
  }
}
