import Foundation
import TestSupport
import Testing

/// Every written line is valid by traces/recording.schema.json, and every kind of line in the
/// schema is written by some run.
struct SchemaTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func validate(_ files: [String]) throws -> [Substring] {
    let root = TestPython.root
    let outcome = try ChildProcess.run(
      [
        TestPython.path, root + "/Tests/programs/validate.py",
        root + "/traces/recording.schema.json",
      ] + files, in: folder.path)
    try #require(outcome.ending == "status 0", "\(outcome.standardError)")
    return outcome.standardOutput.split(separator: "\n")
  }

  /// A program for each kind of line.
  private static let script = """
    import multiprocessing, os, signal, sys, threading
    def work():
        os.kill(os.getpid(), signal.SIGKILL if sys.argv[1] == "fork" else signal.SIGTERM)
    method = sys.argv[1]
    context = multiprocessing.get_context(method)
    if __name__ == "__main__" or sys.argv[2:] == ["unguarded"]:
        process = context.Process(target=work)
        process.start()
        process.join()
        if sys.argv[2:] == ["hangs"]:
            lock = threading.Lock()
            lock.acquire()
            lock.acquire()
    """

  /// A Pool's worker dies with a task.
  private static let lostTask = """
    import multiprocessing, os
    if __name__ == "__main__":
        multiprocessing.get_context("spawn").Pool(1).apply(os._exit, (3,))
    """

  @Test func `recordings are as the schema says`() throws {
    try folder.write("main.py", Self.script)
    try folder.write("lost.py", Self.lostTask)
    // A path that isn't UTF-8.
    _ = try ChildProcess.run(
      ["sh", "-c", #"mkdir "$(printf 'no\377utf8')"; cp main.py no*/"#], in: folder.path)
    let runs: [(options: [String], arguments: [String])] = [
      ([], ["main.py", "spawn"]), ([], ["main.py", "forkserver"]), ([], ["main.py", "fork"]),
      (["--capture", "all"], ["main.py", "spawn", "unguarded"]),
      (["--on-cycle=report"], ["main.py", "forkserver", "unguarded"]),
      (["--timeout", "3"], ["main.py", "spawn", "hangs"]), ([], ["lost.py"]),
      (["--evidence=calls", "--max-processes=1"], ["main.py", "spawn", "unguarded"]),
    ]
    var files: [String] = []
    for interpreter in [Interpreters.all.first, Interpreters.all.last].compactMap(\.self) {
      for run in runs {
        let file = "run\(files.count).jsonl"
        files.append(file)
        let outcome = try Traced.run(
          arguments: ["run", "--record", file] + run.options + ["--", interpreter.path]
            + run.arguments, in: folder.path)
        #expect(outcome.status != 125, "\(outcome.standardError)")
      }
      let file = "run\(files.count).jsonl"
      files.append(file)
      _ = try ChildProcess.run(
        [
          "sh", "-c", #""$0" run --record "$1" -- "$2" no*/main.py spawn"#, Traced.binary, file,
          interpreter.path,
        ], in: folder.path)
    }
    files.append("filtered.jsonl")
    _ = try ChildProcess.run(
      [
        Traced.binary, "run", "--on-cycle=report", "--record", "filtered.jsonl", "--",
        try CProgram.underItsOwnFilter(), try Interpreters.newest().path, "main.py", "spawn",
      ], in: folder.path)
    let said = try validate(files)
    #expect(said.dropLast() == [])
    let kinds = try #require(
      JSONSerialization.jsonObject(with: Data((said.last ?? "").utf8)) as? [String: Int])
    let described = try #require(
      JSONSerialization.jsonObject(
        with: Data(
          contentsOf: URL(fileURLWithPath: TestPython.root + "/traces/recording.schema.json")))
        as? [String: Any])
    let names =
      ((described["properties"] as? [String: Any])?["k"] as? [String: Any])?["enum"] as? [String]
    #expect(Set(kinds.keys) == Set(names ?? []))
    #expect(files.contains { folder.read($0)?.contains(#"{"b64":""#) == true })
  }

  @Test(arguments: [
    #"{"k":"exit","seq":1,"t":1,"pid":7}"#,
    #"{"k":"exit","seq":1,"t":1,"pid":7,"status":0,"sig":9}"#,
    #"{"k":"pipe","seq":0,"t":1,"pid":7}"#, #"{"k":"pipe","seq":1,"t":1.5,"pid":7}"#,
    #"{"k":"pipe","seq":1,"t":1,"pid":7,"more":1}"#, #"{"k":"new","seq":1,"t":1,"pid":7}"#, "{}",
    #"{"k":"open","seq":1,"t":1,"pid":7,"path":{"b64":"*"}}"#,
  ])
  func `lines that aren't valid are reported`(line: String) throws {
    try folder.write("run.jsonl", line + "\n")
    #expect(try validate(["run.jsonl"]).count == 2)
  }
}
