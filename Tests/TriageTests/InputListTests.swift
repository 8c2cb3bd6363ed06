import Analysis
import Foundation
import Input
import JSON
import Runs
import Synchronization
import TestSupport
import Testing

@testable import Triage

struct InputListTests {
  private typealias Member = ZipBuilder.Member
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
    try folder.write("pile/.keep", "kept\n")
  }

  private var pile: String { folder.file("pile") }

  /// The names of all inputs with what each is, without the pile's own name.
  private func inputs(
    _ paths: [String]? = nil, limits: ZipLimits = ZipLimits()
  ) -> [String] {
    var result: [String] = []
    for input in InputList.inputs(at: paths ?? [pile], limits: limits) {
      input.read { name, contents in
        result.append("\(name.replacing(folder.path + "/", with: "")): \(Self.described(contents))")
      }
    }
    return result
  }

  static func described(_ contents: InputContents) -> String {
    switch contents {
    case .run(let run):
      switch Result(catching: { try run.judged() }) {
      case .success(let result): "run of \(result.run.report.processes.count)"
      case .failure(let error): "run: \(error)"
      }
    case .report(let report): "report: \(report.verdict)"
    case .triage(let document):
      "triage of version \(document.member("schemaVersion")?.integer() ?? 0)"
    case .text(let input): "text of \((try? text(input).utf8.count) ?? -1)"
    case .empty: "empty"
    case .unreadable(let why): why
    }
  }

  static func text(_ input: Input) throws -> String {
    var bytes: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4099, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      let count = try input.read(into: buffer)
      if count == 0 { return String(decoding: bytes, as: UTF8.self) }
      bytes += buffer[..<count]
    }
  }

  private static let log = [
    #"execve("/usr/bin/python3", ["python3", "a.py"], 0x7ffe /* 3 vars */) = 0"#,
    "exit_group(0) = ?", "+++ exited with 0 +++",
  ]

  private func log(_ pid: Int? = nil) -> String {
    Self.log.map { (pid.map { "\($0) " } ?? "") + $0 + "\n" }.joined()
  }

  private static let recordings = TestPython.root + "/traces/import-side-effect-helper/recorded/"

  // MARK: The walk

  @Test func `folders are walked in the order of their names, links in them are not`() throws {
    try folder.write("pile/b/z.txt", "12")
    try folder.write("pile/b/a/1.txt", "1")
    try folder.write("pile/a.txt", "123")
    try folder.write("pile/empty", "")
    try folder.write("outside/c.txt", "1234")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: pile + "/b/loop", withDestinationPath: "..")
    try files.createSymbolicLink(atPath: pile + "/dangling", withDestinationPath: "nowhere")
    try files.createSymbolicLink(atPath: pile + "/second", withDestinationPath: "a.txt")
    try files.createSymbolicLink(atPath: pile + "/outer", withDestinationPath: "../outside")
    try files.linkItem(atPath: pile + "/a.txt", toPath: pile + "/b/hard")
    #expect(
      inputs() == [
        "pile/.keep: text of 5", "pile/a.txt: text of 3", "pile/empty: empty",
        "pile/b/hard: text of 3", "pile/b/z.txt: text of 2", "pile/b/a/1.txt: text of 1",
      ])
  }

  @Test func `a link that was named is followed, and each name counts once`() throws {
    try folder.write("outside/c.txt", "1234")
    let files = FileManager.default
    try files.createSymbolicLink(atPath: pile + "/outer", withDestinationPath: "../outside")
    try files.createSymbolicLink(atPath: pile + "/file", withDestinationPath: ".keep")
    #expect(
      inputs([pile + "/outer", pile + "/file", pile + "//", pile, pile + "/.keep"]) == [
        "pile/outer/c.txt: text of 4", "pile/file: text of 5", "pile/.keep: text of 5",
      ])
  }

  @Test func `what isn't a file is named and not opened`() throws {
    try #require(mkfifo(pile + "/fifo", 0o600) == 0)
    #expect(
      inputs([pile, pile + "/none", "/dev/null"]) == [
        "pile/.keep: text of 5", "pile/fifo: it is a FIFO", "pile/none: No such file or directory",
        "/dev/null: it is a device",
      ])
  }

  @Test(.enabled(if: geteuid() != 0))
  func `what may not be read is named with why`() throws {
    try folder.write("pile/locked/a", "1")
    try folder.write("pile/secret", "1")
    chmod(pile + "/locked", 0)
    chmod(pile + "/secret", 0)
    #expect(
      inputs() == [
        "pile/.keep: text of 5", "pile/secret: Permission denied",
        "pile/locked: the folder can't be read: Permission denied",
      ])
    chmod(pile + "/locked", 0o700)
  }

  @Test func `a folder deeper than a path may be long is named with why`() throws {
    let script = """
      name=$(printf 'a%.0s' $(seq 250)); cd pile
      for number in $(seq 18); do mkdir $name; cd $name; done; echo text > file
      """
    let made = try ChildProcess.run(["/bin/bash", "-c", script], in: folder.path)
    try #require(made.ending == "status 0")
    let found = inputs()
    #expect(found.count == 2)
    #expect(found.last?.hasSuffix("aaa: File name too long") == true)
    // Foundation can't remove it, either.
    _ = try ChildProcess.run(["/bin/rm", "-rf", "pile"], in: folder.path)
  }

  // MARK: strace -ff

  @Test func `the files of one strace -ff are one input`() throws {
    try folder.write("pile/ff/log.10", log())
    try folder.write("pile/ff/log.11", log())
    try folder.write("pile/ff/log.12", "")
    try folder.write("pile/ff/log.13", "futex(0x7f")
    try folder.write("pile/run/x.1", log())
    try folder.write("pile/run/x.2", log())
    try folder.write("pile/run/y.3", log())
    try folder.write("pile/run/notes.4", "none\n")
    #expect(
      inputs() == [
        "pile/.keep: text of 5", "pile/ff: run of 2", "pile/run/notes.4: text of 5",
        "pile/run/x.*: run of 2", "pile/run/y.3: run of 1",
      ])
    #expect(
      inputs([pile + "/ff/log.10", pile + "/ff/log.11"]) == ["pile/ff/log.*: run of 2"])
  }

  @Test func `logs with the threads in their lines are an input each`() throws {
    try folder.write("pile/log.1", log(100))
    try folder.write("pile/log.2", log(200))
    #expect(
      inputs() == ["pile/.keep: text of 5", "pile/log.1: run of 1", "pile/log.2: run of 1"])
  }

  @Test func `files of strace -ff may be compressed, and in an archive`() throws {
    try folder.write("pile/ff/log.10", log())
    try folder.write("pile/ff/log.11", log())
    let outcome = try ChildProcess.run(
      ["/bin/sh", "-c", "gzip log.10; zstd -q --rm log.11"], in: pile + "/ff")
    try #require(outcome.ending == "status 0")
    _ = try folder.file(
      "pile/x.zip",
      ZipBuilder([
        Member("ff/log.10", log()), Member("ff/log.11", log()), Member("log.1", log()),
        Member("log.2", log()),
      ]).bytes)
    #expect(
      inputs() == [
        "pile/.keep: text of 5", "pile/x.zip!ff: run of 2", "pile/x.zip!log.*: run of 2",
        "pile/ff: run of 2",
      ])
  }

  // MARK: Archives

  @Test func `each member of an archive is an input, and of one in an archive`() throws {
    let recording = try Data(contentsOf: URL(filePath: Self.recordings + "3.14.sptrace.jsonl.gz"))
    let deepest = ZipBuilder([Member("z", "1")])
    let inner = ZipBuilder([
      Member("log.txt", "inner"), Member("deep", deepest.bytes),
      Member("bad", "x").with { $0.flags = 1 },
    ])
    _ = try folder.file(
      "pile/a",
      ZipBuilder([
        Member("1_build.txt", "text"), Member("empty", ""), Member("sub/run", Array(recording)),
        Member("secret", "x").with { $0.flags = 1 }, Member("in.zip", inner.bytes),
        Member("broken.zip", Array(ZipBuilder([Member("a", "b")]).bytes.dropLast(10))),
      ]).bytes)
    let deeper = "it is a zip archive inside another archive, or compressed once more"
    let broken = "the archive has no directory: it is damaged or ends in the middle"
    #expect(
      inputs() == [
        "pile/.keep: text of 5", "pile/a!1_build.txt: text of 4", "pile/a!empty: empty",
        "pile/a!sub/run: run of 4", "pile/a!secret: the member is encrypted",
        "pile/a!in.zip!log.txt: text of 5", "pile/a!in.zip!deep: \(deeper)",
        "pile/a!in.zip!bad: the member is encrypted", "pile/a!broken.zip: \(broken)",
      ])
  }

  @Test func `an archive beyond the limits is one unreadable input, with those inside it`() throws {
    let inner = ZipBuilder([Member("a", "12345"), Member("b", "12345")])
    let bytes = ZipBuilder([Member("x.zip", inner.bytes), Member("y", "1")]).bytes
    _ = try folder.file("pile/bomb", bytes)
    var limits = ZipLimits()
    limits.unpackedSize = inner.bytes.count + 1 + 10
    #expect(inputs([pile + "/bomb"], limits: limits).count == 3)
    limits.unpackedSize -= 1
    #expect(
      inputs([pile + "/bomb"], limits: limits) == [
        "pile/bomb: the archive unpacks to more than \(limits.unpackedSize) bytes; "
          + "--max-unpacked SIZE allows more"
      ])
    limits = ZipLimits()
    limits.members = 3
    #expect(
      inputs([pile + "/bomb"], limits: limits) == [
        "pile/bomb: the archive has more than 3 members"
      ])
  }

  // MARK: Kinds

  @Test func `recordings, reports, logs and texts are known by their content`() throws {
    for name in ["3.14.sptrace.jsonl.gz", "3.14.sptrace.jsonl.gz.report.json"] {
      try FileManager.default.copyItem(atPath: Self.recordings + name, toPath: pile + "/x" + name)
    }
    try folder.write("pile/a.json", log(7))
    try folder.write("pile/b.strace", #"{"schema": "spawntrace-triage", "schemaVersion": 3}"#)
    try folder.write("pile/c.sptrace.jsonl", #"{"schema": "other"}"#)
    try folder.write("pile/d.txt", #"{"schema": "spawntrace-fix", "schemaVersion": 1}"#)
    try folder.write("pile/e.txt", #"{"schema": "spawntrace-report", "#)
    try folder.write("pile/f.txt", "% time     seconds  usecs/call     calls\n")
    try folder.write(
      "pile/g.txt", String(repeating: "a line of a job\n", count: 9) + "add(2, 3) = 5\n")
    _ = try folder.file("pile/h.txt", (0..<3000).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) })
    try folder.write(
      "pile/i.txt", "#!/bin/sh\u{0}\u{1b}[31mred\u{1b}[0m\u{7}" + String(repeating: "x", count: 90))
    let outcome = try ChildProcess.run(
      [
        "/bin/sh", "-c",
        "tar -cf j.txt a.json; gzip -c a.json | zstd -qc > k; zip -q l a.json 2>&1 || true",
      ],
      in: pile)
    try #require(outcome.ending == "status 0")
    #expect(
      inputs().filter { !$0.contains("l.zip") } == [
        "pile/.keep: text of 5", "pile/a.json: run of 1", "pile/b.strace: triage of version 3",
        "pile/c.sptrace.jsonl: text of 19",
        "pile/d.txt: it is a document of another kind (spawntrace-fix)",
        "pile/e.txt: it is a JSON document of spawntrace, and damaged",
        "pile/f.txt: it is strace's table of counts (-c), which has no single calls",
        "pile/g.txt: text of 158", "pile/h.txt: it is binary data", "pile/i.txt: text of 113",
        "pile/j.txt: it is a tar archive, and only zip archives are unpacked",
        "pile/k: it is compressed twice",
        "pile/x3.14.sptrace.jsonl.gz: run of 4",
        "pile/x3.14.sptrace.jsonl.gz.report.json: report: reexec-cycle",
      ])
  }

  @Test func `text is given whole, also if it began like a document`() throws {
    let text = #"{"command": 1}"# + "\n" + String(repeating: "more\n", count: 50_000)
    let path = try folder.write("pile/x", text)
    var seen: [String] = []
    for input in InputList.inputs(at: [path]) {
      input.read { _, contents in
        guard case .text(let input) = contents else { return }
        seen.append((try? Self.text(input)) ?? "")
      }
    }
    #expect(seen == [text])
  }

  @Test func `text in UTF-16 is given in UTF-8`() throws {
    let text = "RuntimeError: ä\r\n"
    _ = try folder.file("pile/x", try #require(text.data(using: .utf16)).map(\.self))
    #expect(inputs([pile + "/x"]) == ["pile/x: text of \(text.utf8.count)"])
  }

  @Test func `several threads read inputs as one does`() throws {
    let recording = try Data(contentsOf: URL(filePath: Self.recordings + "3.14.sptrace.jsonl.gz"))
    let members = (0..<30).map { Member("\($0)", $0 % 3 == 0 ? Array(recording) : [0x61]) }
    _ = try folder.file("pile/x.zip", ZipBuilder(members).bytes)
    let listed = InputList.inputs(at: [pile])
    let found = Mutex<[String: String]>([:])
    DispatchQueue.concurrentPerform(iterations: listed.count) { index in
      listed[index].read { name, contents in
        let said = Self.described(contents)
        found.withLock { $0[name] = said }
      }
    }
    let all = found.withLock(\.self).map { "\($0): \($1)" }
    #expect(all.map { $0.replacing(folder.path + "/", with: "") }.sorted() == inputs().sorted())
    #expect(all.count == 31)
  }

  @Test func `a torn file is text up to its end, and then an error`() throws {
    try folder.write("pile/x", (0..<90_000).map { "\($0 &* 7919 % 99991)\n" }.joined())
    let outcome = try ChildProcess.run(
      ["/bin/sh", "-c", "gzip -c x | head -c 100000 > y; printf '\\037\\213' > z"], in: pile)
    try #require(outcome.ending == "status 0")
    #expect(
      inputs([pile + "/y", pile + "/z"]) == [
        "pile/y: text of -1", "pile/z: the compressed file ends in the middle",
      ])
    // The error is more than what the bytes before it look like.
    _ = try folder.file(
      "pile/v",
      ZipBuilder([Member("a", [UInt8](repeating: 0, count: 99)).with { $0.size = 98 }]).bytes)
    #expect(
      inputs([pile + "/v"]) == ["pile/v!a: the member unpacks to more than the archive says"])
  }
}
