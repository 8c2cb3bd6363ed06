import Foundation
import TestSupport
import Testing

/// Logs of real runs, written by strace itself.
struct StraceLogTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private static let cycle = """
    import multiprocessing
    def work(): pass
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    """

  private static let calls = "-etrace=process,openat,write,pipe2,connect,kill"

  private func log(
    _ options: [String], of script: String = cycle, by interpreter: Interpreters.Interpreter? = nil
  ) throws -> Outcome {
    let interpreter = try interpreter ?? Interpreters.newest()
    try folder.write("main.py", script)
    return try ChildProcess.run(
      ["strace"] + options + [interpreter.path, "main.py"], in: folder.path)
  }

  private func replay(_ arguments: [String]) throws -> Traced.Run {
    try Traced.replay(arguments, in: folder.path)
  }

  private func expectCycle(_ run: Traced.Run, line: Int? = 4) throws {
    let report = try #require(run.report, "\(run.outcome.standardError)")
    #expect(run.outcome.ending == "status 1")
    #expect(report.verdict == "reexec-cycle")
    let finding = try #require(report.findings.first)
    #expect(report.findings.count == 1)
    #expect(finding.certainty == "likely")
    #expect(finding.culprit?.path == folder.file("main.py"))
    #expect(finding.culprit?.line == line)
    // 3.6 and 3.7 start a semaphore tracker in the worker, too.
    #expect((3...4).contains(report.processes.count))
    #expect(report.processes.first?.exit?.status == 0)
    #expect(report.source.kind == "strace")
  }

  @Test(arguments: [
    [], ["-t"], ["-tt"], ["-ttt"], ["-r"], ["-T"], ["-ttt", "-r", "-T"], ["-y"], ["-yy"],
    ["--decode-pids=comm"], ["--decode-pids=pidns"], ["-v"], ["-qq"], ["-i"], ["-n"], ["-x"],
    ["-xx"],
    ["-k"], ["--seccomp-bpf"],
  ])
  func `every form of a log in a file`(options: [String]) throws {
    _ = try log(["-f", "-s", "4096", Self.calls, "-o", "log"] + options)
    try expectCycle(replay(["log"]))
  }

  @Test(arguments: Interpreters.all)
  func `logs of all calls, on every interpreter`(interpreter: Interpreters.Interpreter) throws {
    _ = try log(["-f", "-s", "4096", "-o", "log"], by: interpreter)
    try expectCycle(replay(["log"]))
  }

  @Test(arguments: [
    [], ["-tt"], ["-ttt"], ["-r"], ["-y"], ["-qq"],
  ])
  func `logs with a file a thread are named by the folder, by the name, or by the files`(
    options: [String]
  ) throws {
    try FileManager.default.createDirectory(
      atPath: folder.file("logs"), withIntermediateDirectories: true)
    _ = try log(["-ff", "-s", "4096", "-o", "logs/run"] + options)
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("logs")).sorted()
    #expect(names.count >= 3)
    for arguments in [["logs"], ["logs/run"], names.map { "logs/" + $0 }] {
      try expectCycle(replay(arguments))
    }
  }

  @Test(arguments: [[], ["-tt", "-T"]])
  func `a log on standard error, between the program's own output`(options: [String]) throws {
    let script = "import sys; print('...', end='', file=sys.stderr, flush=True)\n" + Self.cycle
    let outcome = try log(["-f", "-s", "4096"] + options, of: script)
    try folder.write("log", outcome.standardError)
    let run = try replay(["log"])
    try expectCycle(run, line: 5)
    #expect(
      run.report?.trace.limitations.first?.contains("strace does not write such lines") == true)
  }

  /// Text that is cut off can't be known: there is no false proof, and the remedy is named.
  @Test func `texts that are cut lower the certainty`() throws {
    _ = try log(["-f", "-o", "log"])
    let run = try replay(["log"])
    try expectCycle(run, line: nil)
    #expect(run.outcome.standardError.contains("strace -f -s 4096 -e trace=process"))
  }

  @Test(arguments: [
    (["-f", "-s", "4096", "-etrace=process"], "no opened files"),
    (["-s", "4096"], "does not follow"),
    (["-f", "-s", "4096", "-etrace=openat,write,exit_group"], "no execve"),
  ])
  func `what the log lacks is reported`(options: [String], part: String) throws {
    _ = try log(options + ["-o", "log"])
    let run = try replay(["log"])
    #expect(run.report?.findings.isEmpty == true)
    #expect(run.outcome.ending == "status 0")
    #expect(run.outcome.standardError.contains(part))
    #expect(run.report?.trace.limitations.contains { $0.contains(part) } == true)
  }

  /// Replaces itself 15 times in one place, by a thread that isn't the leader, beside another one.
  private static let selfReplacement = """
    import os, sys, threading, time
    now = time.monotonic()
    end = float(os.environ.setdefault("END", str(now + 600)))
    count = int(open("count").read() or 0)
    open("count", "w").write(str(count + 1))
    def again():
        os.execv(sys.executable, [sys.executable, "main.py"])
    if count < 15:
        threading.Thread(target=time.sleep, args=(600,), daemon=True).start()
        thread = threading.Thread(target=again)
        thread.start()
        thread.join()
    """

  @Test(arguments: [
    ["-f"], ["-f", "-tt"], ["-ff"], ["-ff", "-t"], ["-ff", "-tt"], ["-ff", "-r"],
    ["-f", "-etrace=process"], ["-ff", "-etrace=process"],
  ])
  func `a program that another thread than the leader replaces is in a loop`(
    options: [String]
  ) throws {
    try folder.write("count", "")
    _ = try log(["-s", "4096", "-o", "log"] + options, of: Self.selfReplacement)
    let run = try replay(["log"])
    let report = try #require(run.report)
    #expect(report.verdict == "self-exec-loop" && run.outcome.ending == "status 1")
    #expect(report.findings.first?.rule == "ST105" && report.processes.count == 1)
    #expect(report.processes.first?.exit?.status == 0)
  }

  @Test(arguments: [["-f"], ["-ff"], ["-ff", "-r"]])
  func `a guarded script is healthy`(options: [String]) throws {
    let script = """
      import multiprocessing
      def work(): pass
      if __name__ == "__main__":
          for method in ["spawn", "fork", "forkserver"]:
              process = multiprocessing.get_context(method).Process(target=work)
              process.start()
              process.join()
      """
    _ = try log(options + ["-s", "4096", "-o", "log"], of: script)
    let run = try replay(["log"])
    #expect(run.outcome.ending == "status 0")
    #expect(run.outcome.standardError == "")
    let report = try #require(run.report)
    #expect(report.verdict == "healthy")
    #expect(report.trace.limitations.isEmpty)
    let methods = report.processes.compactMap(\.startMethod).sorted()
    #expect(methods == ["fork", "forkserver", "spawn"])
  }

  @Test func `a torn log is read up to its last line`() throws {
    _ = try log(["-f", "-s", "4096", Self.calls, "-ttt", "-o", "log"])
    let text = try #require(folder.read("log"))
    for part in [3, 2] {
      try folder.write("torn", String(text.prefix(text.count * (part - 1) / part)))
      let run = try replay(["torn"])
      #expect(run.outcome.standardError.contains("the log ends before the command does, at "))
      #expect(run.report?.trace.truncated == true)
    }
  }

  @Test func `logs may be compressed and come through a pipe`() throws {
    _ = try log(["-f", "-s", "4096", Self.calls, "-o", "log"])
    let outcome = try ChildProcess.run(
      [
        "sh", "-c",
        #"gzip -k log && "$0" replay --report short log.gz; gzip -dc log.gz | "$0" replay --report short -"#,
        Traced.binary,
      ], in: folder.path)
    let lines = outcome.standardError.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines.prefix(2) == lines.suffix(2))
    #expect(lines.first?.contains("ST101") == true)
  }

  @Test(arguments: [
    (["table"], "table is strace's table of counts (-c)"),
    (
      ["text"],
      "text is neither a recording of spawntrace (run --record FILE writes one) nor a log of strace"
    ),
    (["empty"], "empty is empty"), (["nothing"], "cannot read nothing: No such file"),
    (["folder"], "folder is a folder without files of strace -ff (NAME.PID)"),
    (["many"], "many has the logs of 2 runs; please name one: spawntrace replay many/a.*"),
    (["table", "text"], "table has no number of a thread"),
    (["many/a.1", "folder/../many/a.1"], "are logs of different runs"),
  ])
  func `a file that isn't a log is refused with a reason`(arguments: [String], message: String)
    throws
  {
    _ = try ChildProcess.run(["strace", "-c", "-o", "table", "true"], in: folder.path)
    try folder.write("text", "hello\n")
    try folder.write("empty", "")
    try folder.write("folder/readme", "hello\n")
    try folder.write("many/a.1", "exit_group(0) = ?\n")
    try folder.write("many/b.1", "exit_group(0) = ?\n")
    let outcome = try Traced.run(arguments: ["replay"] + arguments, in: folder.path)
    #expect(outcome.ending == "status 2")
    #expect(outcome.standardError.contains(message), "\(outcome.standardError)")
  }

  @Test func `secrets of a log are in no report`() throws {
    try folder.write(
      "log",
      """
      10 execve("/usr/bin/python3", ["python3", "main.py", "--password", "hunter2"], 0x7ffe) = 0
      10 exit_group(0) = ?

      """)
    let outcome = try Traced.run(
      arguments: ["replay", "-v", "--json", folder.file("json"), "log"], in: folder.path)
    let json = try #require(folder.read("json"))
    #expect(json.contains("main.py"))
    #expect(!(json + outcome.standardError).contains("password"))
    #expect(!(json + outcome.standardError).contains("hunter2"))

    let whole = try Traced.run(
      arguments: ["replay", "-v", "--record-arguments", "--json", folder.file("json"), "log"],
      in: folder.path)
    let arguments = try #require(folder.read("json"))
    #expect(arguments.contains("--password"))
    #expect(!(arguments + whole.standardError).contains("hunter2"))
  }

  /// A strace that was attached to a running program: the log begins in the middle.
  @Test func `a log that begins in the middle`() throws {
    _ = try log(["-f", "-s", "4096", Self.calls, "-o", "log"])
    let lines = try #require(folder.read("log")).split(separator: "\n")
    try folder.write("late", lines.dropFirst(40).joined(separator: "\n") + "\n")
    let run = try replay(["late"])
    #expect(run.outcome.status.map { $0 < 2 } == true)
    #expect(run.report?.findings.contains { $0.certainty == "proven" } == false)
  }
}
