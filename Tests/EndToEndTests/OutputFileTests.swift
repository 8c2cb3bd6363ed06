import Foundation
import TestSupport
import Testing

/// The files that spawntrace writes.
struct OutputFileTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write("old", "precious\n")
    try folder.write("older", "precious, too\n")
  }

  private func mode(_ name: String) throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: folder.file(name))
    return try #require((attributes[.posixPermissions] as? NSNumber)?.intValue)
  }

  @Test func `new files are their user's alone, and others keep their mode`() throws {
    let outcome = try Traced.run(
      arguments: ["--record", "r", "--json", "old", "--write-fix", "d", "--", "true"],
      in: folder.path)
    #expect(outcome.ending == "status 0")
    #expect(try mode("r") == 0o600 && mode("d") == 0o600 && mode("old") == 0o644)
    for arguments in [
      ["export", "r", "--to", "jsonl", "-o", "e"], ["replay", "--json", "j", "r"],
      ["triage", "--json", "t", "r"], ["diff", "--json", "f", "r", "r"],
    ] {
      #expect(try Traced.run(arguments: arguments, in: folder.path).ending == "status 0")
    }
    for name in ["e", "j", "t", "f"] { #expect(try mode(name) == 0o600) }
  }

  @Test(arguments: [
    (["--record", "old", "--json", "old"], "--record and --json have one file, old"),
    (["--record", "old", "--json", "./old"], "--record and --json have one file, ./old"),
    (["--record", "old", "--json", "hard"], "--record and --json have one file, hard"),
    (["--record", "old", "--write-fix", "soft"], "--record and --write-fix have one file, soft"),
    (["--json", "old", "--write-fix", "soft"], "--json and --write-fix have one file, soft"),
    (["--record", "new", "--json", "./new"], "--record and --json have one file, ./new"),
    (["--record", "new", "--json", "dangling"], "it is being written to already"),
    (["--record", "script"], "script is a part of the command"),
    (["--json", "./script"], "./script is a part of the command"),
    (["--json", "old", "--record", "/proc/no/where"], "No such file"),
  ])
  func `one file for two outputs is refused before anything is started or emptied`(
    options: [String], message: String
  ) throws {
    try FileManager.default.linkItem(atPath: folder.file("old"), toPath: folder.file("hard"))
    for (name, target) in [("soft", "old"), ("dangling", "new")] {
      try FileManager.default.createSymbolicLink(
        atPath: folder.file(name), withDestinationPath: target)
    }
    try folder.write("script", "echo >started\n")
    let outcome = try Traced.run(
      arguments: options + ["--", "sh", "script"], in: folder.path)
    #expect(outcome.ending == "status 125")
    #expect(outcome.standardError.contains(message), "\(outcome.standardError)")
    #expect(folder.read("old") == "precious\n" && folder.read("script") == "echo >started\n")
    #expect(folder.read("started") == nil)
  }

  @Test func `any number of outputs go to a device`() throws {
    let outcome = try Traced.run(
      arguments: ["--record", "/dev/null", "--json", "/dev/null", "--", "true"], in: folder.path)
    #expect(outcome.ending == "status 0" && outcome.standardError.isEmpty)
  }

  @Test(arguments: [
    ["replay", "--json", "r", "r"], ["replay", "--write-fix", "soft", "r"],
    ["replay", "--json", "soft", "r"], ["export", "r", "--to", "jsonl", "-o", "soft"],
    ["diff", "--json", "r", "old", "r"],
  ])
  func `an input is never written to`(arguments: [String]) throws {
    _ = try Traced.run(arguments: ["--record", "r", "--", "true"], in: folder.path)
    let before = folder.read("r")
    try FileManager.default.createSymbolicLink(
      atPath: folder.file("soft"), withDestinationPath: "r")
    let outcome = try Traced.run(arguments: arguments, in: folder.path)
    #expect(outcome.ending == "status 2")
    #expect(outcome.standardError.contains("is the file to be read"), "\(outcome.standardError)")
    #expect(folder.read("r") == before)
  }

  /// The first run waits for a byte of its input, which comes when the second one was refused.
  @Test func `a second run that records to the same file at the same time is refused`() throws {
    let outcome = try ChildProcess.run(
      [
        "sh", "-c",
        """
        mkfifo started go
        "$0" --record r --json j -- sh -c 'echo >started; read line <go; exit 3' &
        read line <started
        "$0" --record other --json r -- true; echo "second $?"
        cat old
        "$0" --json old --record j -- true; echo "third $?"
        cat old
        echo >go
        wait $!; echo "first $?"
        "$0" --record r -- true; echo "fourth $?"
        """, Traced.binary,
      ], in: folder.path)
    #expect(
      outcome.standardOutput
        == "second 125\nprecious\nthird 125\nprecious\nfirst 3\nfourth 0\n",
      "\(outcome.standardError)")
    #expect(outcome.standardError.contains("cannot write the report to r: it is being written"))
    #expect(folder.read("r")?.contains(#""k":"end""#) == true)
  }
}
