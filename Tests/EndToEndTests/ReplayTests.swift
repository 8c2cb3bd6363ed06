import Foundation
import TestSupport
import Testing

/// A recording gives the report of its run; `Traced.run` compares the JSON of every other test's
/// run.
struct ReplayTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  /// Records a run of `script` and returns the output of the live run.
  private func record(
    _ script: String, options: [String] = [], arguments: [String] = [],
    environment: [String: String] = [:], file: String = "run.jsonl"
  ) throws -> Outcome {
    let interpreter = try Interpreters.newest()
    try folder.write("main.py", script)
    return try Traced.run(
      arguments: ["run", "--record", folder.file(file), "--json", folder.file("live.json")]
        + options + ["--", interpreter.path, "main.py"] + arguments, in: folder.path,
      environment: environment)
  }

  private func replay(_ arguments: [String]) throws -> Outcome {
    try Traced.run(arguments: ["replay"] + arguments, in: folder.path)
  }

  private static let cycle = """
    import multiprocessing
    def work(): pass
    process = multiprocessing.get_context("spawn").Process(target=work)
    process.start()
    process.join()
    """

  private static let healthy = """
    import subprocess
    subprocess.run(["true"])
    """

  @Test(arguments: [
    [], ["--on-cycle=report"], ["--report=short"], ["--color=always"], ["-v"], ["--report=none"],
    ["--evidence=calls"], ["--max-processes=1"],
  ])
  func `the text is the same to the byte`(options: [String]) throws {
    // The program's own output on standard error would stand between.
    let live = try record(
      "import os; os.close(2); os.open('/dev/null', os.O_WRONLY)\n" + Self.cycle, options: options)
    let shared = options.filter {
      $0.hasPrefix("--report") || $0.hasPrefix("--color") || $0 == "-v"
    }
    let again = try replay(shared + ["run.jsonl"])
    #expect(again.standardError == live.standardError)
    #expect(again.ending == "status 1")
    #expect(live.ending == "status 112")
  }

  @Test func `a deadlock's survey is reported again`() throws {
    try folder.write("standstill.py", Standstill.module)
    let script = """
      import threading
      from standstill import in_place
      lock = threading.Lock()
      lock.acquire()
      in_place()
      lock.acquire()
      """
    let live = try Standstill.run(places: 1, in: folder) { try record(script, options: $0) }
    let again = try replay(["run.jsonl"])
    #expect(again.standardError == live.standardError)
    #expect(again.standardError.contains("ST106"))
    #expect(again.ending == "status 1")
    #expect(live.ending == "status 124")
  }

  @Test(arguments: ["gzip", "zstd -q", "cat"])
  func `a recording may be compressed, come from standard input, and have any name`(filter: String)
    throws
  {
    let live = try record(Self.cycle, options: ["--report=short"])
    _ = try ChildProcess.run(
      ["/bin/sh", "-c", "\(filter) < run.jsonl > packed"], in: folder.path)
    let said = live.standardError.split(separator: "\n").filter { $0.contains("ST101") }
    try #require(!said.isEmpty)
    for arguments in [["packed"], ["-"]] {
      let again = try ChildProcess.run(
        [
          "/bin/sh", "-c", "exec \"$0\" replay --report=short \(arguments[0]) < packed",
          Traced.binary,
        ],
        in: folder.path)
      #expect(again.ending == "status 1")
      for line in said { #expect(again.standardError.contains(line)) }
    }
  }

  @Test func `a healthy run gives status 0 and no output`() throws {
    let live = try record(Self.healthy)
    let again = try replay(["run.jsonl"])
    #expect(live.ending == "status 0" && live.standardError.isEmpty)
    #expect(again.ending == "status 0" && again.standardError.isEmpty)
  }

  @Test func `a torn recording is reported as far as it goes, and as torn`() throws {
    _ = try record(Self.cycle)
    let whole = try #require(folder.read("run.jsonl"))
    let proof = try #require(
      folder.read("live.json")?.firstMatch(of: /"provenByEvent": (\d+)/).flatMap { Int($0.1) })
    let behindProof = try #require(whole.range(of: "\"seq\":\(proof),")).lowerBound
    let end = try #require(whole[behindProof...].firstIndex(of: "\n"))
    // The proof's line is whole only in the second one.
    for (prefix, ending) in [
      (whole[..<whole.index(before: end)], "status 0"), (whole[...end], "status 1"),
      (whole.prefix(whole.utf8.count / 3), nil), (whole.dropLast(20), "status 1"),
    ] {
      try folder.write("torn.jsonl", String(prefix))
      let again = try replay(["--json", "torn.json", "torn.jsonl"])
      #expect(again.standardError.contains("the recording is truncated after event "))
      let report = try #require(folder.read("torn.json"))
      #expect(report.contains("\"truncated\": true"))
      #expect(again.ending == (ending ?? (prefix.endIndex > end ? "status 1" : "status 0")))
    }
  }

  @Test func `a damaged line in the middle is skipped, counted and reported`() throws {
    _ = try record(Self.healthy)
    var lines = try #require(folder.read("run.jsonl")).split(separator: "\n").map(String.init)
    let index = try #require(lines.indices.last { lines[$0].contains(#""k":"exit""#) }) - 1
    lines[index] = String(lines[index].dropLast(3))
    try folder.write("damaged.jsonl", lines.joined(separator: "\n") + "\n")
    let again = try replay(["--json", "damaged.json", "damaged.jsonl"])
    #expect(again.standardError.contains("1 damaged line was skipped, and 1 event is missing"))
    #expect(try #require(folder.read("damaged.json")).contains("\"lost\": 1"))
    #expect(again.ending == "status 0")
  }

  @Test func `a file that isn't a recording is refused with status 2 and the reason`() throws {
    try folder.write("empty", "")
    try folder.write("text", "hello\n")
    try folder.write("json", "{\"k\":\"open\"}\n")
    try folder.write("header", "{\"k\":\"hdr\",\"fmt\":\"spawntrace\",\"v\":1")
    try folder.write(
      "newer",
      "{\"k\":\"hdr\",\"fmt\":\"spawntrace\",\"v\":12,\"minReader\":11,\"tool\":\"7.8.9\"}\n")
    for (file, words) in [
      ("missing", ["missing"]), ("empty", ["empty"]), ("text", ["neither a recording"]),
      ("json", ["neither a recording"]), (".", ["folder"]), ("header", ["no whole header"]),
      ("newer", ["version 12", "7.8.9", "0.1.0"]),
    ] {
      let outcome = try replay([file])
      #expect(outcome.ending == "status 2", "\(file)")
      for word in words {
        #expect(
          outcome.standardError.lowercased().contains(word), "\(file): \(outcome.standardError)")
      }
    }
    #expect(try replay([]).ending == "status 2")
    #expect(try replay(["--no-such-option", "x"]).ending == "status 2")
    #expect(try replay(["--json", "/proc/nowhere/x", "text"]).ending == "status 2")
  }

  @Test func `a recording that is still being written is followed to its end`() throws {
    try folder.write("go", "")
    let outcome = try ChildProcess.run(
      [
        "/bin/sh", "-c",
        """
        mkfifo gate
        "$0" run --report=none --record run.jsonl -- sh -c 'read line < gate; exit 3' &
        until [ -s run.jsonl ]; do :; done
        "$0" replay --follow -v run.jsonl 2> said &
        until [ -s said ]; do :; done
        echo > gate
        wait %2
        echo "replayed $?"
        """, Traced.binary,
      ], in: folder.path)
    #expect(outcome.standardOutput == "replayed 0\n")
    #expect(folder.read("said")?.contains("truncated") == false)
  }

  /// Planted in the arguments, the environment, a URL, a text on standard error and a line of
  /// source.
  @Test func `no secret reaches the disk`() throws {
    let secrets = [
      "pl4nted-token", "pl4nted-password", "pl4nted-authkey", "pl4nted-url", "pl4nted-bearer",
      "ghp_pl4ntedpl4ntedpl4nted",
    ]
    let script = """
      import multiprocessing, os, subprocess, sys
      def work(): pass
      for command in (
          ["true", "--password", "pl4nted-password", "--authkey=pl4nted-authkey"],
          ["true", "https://me:pl4nted-url@host/", "-H", "Authorization: Bearer pl4nted-bearer"],
          ["sh", "-c", "export X_SECRET=pl4nted-token; : ghp_pl4ntedpl4ntedpl4nted"],
          ["true", os.environ["SERVICE_TOKEN"]],
      ):
          subprocess.run(command)
      multiprocessing.current_process().authkey = b"pl4nted-authkey"
      sys.stderr.write("the token is " + os.environ["SERVICE_TOKEN"] + "\\n")
      multiprocessing.get_context("spawn").Process(target=work, name="pl4nted-token").start()
      """
    let live = try record(
      script, options: ["--capture=all"], arguments: ["--token=pl4nted-token"],
      environment: ["SERVICE_TOKEN": "pl4nted-token", "GITHUB_TOKEN": "pl4nted-token"])
    #expect(live.ending == "status 112")
    let recording = try #require(folder.read("run.jsonl"))
    let report = try #require(folder.read("live.json"))
    // Source lines of the script aren't arguments; only secrets of the environment are gone from
    // them.
    for secret in secrets where secret != "pl4nted-authkey" && secret != "pl4nted-password" {
      #expect(!recording.contains(secret), "\(secret)")
      #expect(!report.contains(secret), "\(secret)")
    }
    #expect(!recording.contains("--authkey=pl4nted"))
    #expect(!recording.contains(#""--password","pl4nted"#))
    #expect(recording.contains("[redacted]"))
    #expect(!recording.contains("GITHUB_TOKEN"))
  }

  @Test func `bytes that aren't UTF-8 reach the program and the recording unchanged`() throws {
    let outcome = try ChildProcess.run(
      [
        "/bin/sh", "-c",
        """
        name=$(printf 'caf\\351')
        "$0" run --record-arguments --record run.jsonl -- printf '%s' "$name" | od -An -tx1
        "$0" replay --json again.json run.jsonl
        """, Traced.binary,
      ], in: folder.path)
    #expect(outcome.standardOutput == " 63 61 66 e9\n")
    #expect(outcome.ending == "status 0")
    // "caf\xe9" in base64.
    #expect(try #require(folder.read("run.jsonl")).contains(#"{"b64":"Y2Fm6Q=="}"#))
    #expect(try #require(folder.read("again.json")).contains("caf\u{FFFD}"))
  }

  @Test func `if the recording can't be written, the run goes on, and that is reported`() throws {
    let full = try record(Self.healthy, file: "../../../../../../../dev/full")
    #expect(full.standardError.contains("cannot record on"))
    #expect(full.ending == "status 125")
    let missing = try Traced.run(
      arguments: ["run", "--record", "/proc/nowhere/x", "--", "echo", "hello"])
    #expect(missing.ending == "status 125" && missing.standardOutput.isEmpty)
  }
}
