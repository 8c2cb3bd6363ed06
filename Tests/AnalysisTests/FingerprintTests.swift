import Analysis
import TestSupport
import Testing
import TraceModel

/// The same fault has the same name in every run, checkout and version of the file.
struct FingerprintTests {
  private struct Variant {
    var folder = "/w"
    var mainLine: Int? = 6
    var callLine: Int? = 10
    var source: String? = "with ctx.Pool(4) as pool:"
    var function = "dothing"
    var qualifiedName: String?
    var file = "thing.py"
    var start = Stacks.pool
    var statement = "dothing()"
    var main = "main.py"
    var pid: Int32 = 100
  }

  private func fingerprint(
    _ variant: Variant, startedBy method: StartMethod = .spawn
  ) throws -> String {
    var list = EventList()
    list.directory = variant.folder
    list.main(variant.pid, variant.main)
    let worker = variant.pid + 5
    switch method {
    case .forkserver: list.forkserver(variant.pid, worker, at: "/tmp/s")
    default: list.spawnWorker(variant.pid, worker)
    }
    var call = Stacks.frame(
      variant.folder + "/" + variant.file, variant.callLine, variant.function,
      source: variant.source)
    call.qualifiedName = variant.qualifiedName
    let main = Stacks.main(
      variant.mainLine ?? 0, variant.statement, path: variant.folder + "/" + variant.main)
    list.open(
      worker, Stacks.spawnModule, stack: Stacks.read(variant.start, [call, main], Stacks.boot()))
    return try #require(list.findings.first).fingerprint
  }

  @Test func `it has its version in front and sixteen digits`() throws {
    #expect(try fingerprint(Variant()).wholeMatch(of: /v2:[0-9a-f]{16}/) != nil)
  }

  @Test func `nothing of this computer or of this run is in it`() throws {
    // A change of this value reshuffles every group that was ever made: then it is v3.
    let value = try fingerprint(Variant())
    #expect(value == "v2:fadd795cb2aa32ca")
  }

  @Test func `other lines, another checkout, other pids, other white space: the same fault`() throws
  {
    let expected = try fingerprint(Variant())
    #expect(try fingerprint(Variant(mainLine: 60, callLine: 110)) == expected)
    #expect(try fingerprint(Variant(mainLine: 0, callLine: nil)) == expected)
    #expect(try fingerprint(Variant(folder: "/home/ci/build 7/checkout")) == expected)
    #expect(try fingerprint(Variant(pid: 4000)) == expected)
    #expect(try fingerprint(Variant(statement: "\t  dothing()\t ")) == expected)
  }

  @Test func `the name is the one that every version has: before 3.11 there is no other`() throws {
    #expect(
      try fingerprint(Variant(qualifiedName: "Suite.dothing")) == fingerprint(Variant()))
  }

  @Test func `the standard library's own frames are not in it: another Python has others`() throws {
    let start = Stacks.pool.filter { $0.function != "_repopulate_pool_static" }
    #expect(try fingerprint(Variant(start: start)) == fingerprint(Variant()))
  }

  @Test func `another statement, file, folder, or method: another fault`() throws {
    let all = [
      try fingerprint(Variant()),
      try fingerprint(Variant(statement: "dothings()")),
      try fingerprint(Variant(main: "other.py")),
      try fingerprint(Variant(main: "sub/main.py")),
      try fingerprint(Variant(), startedBy: .forkserver),
    ]
    #expect(Set(all).count == all.count)
  }

  @Test func `whatever the statement calls, guarding it mends it`() throws {
    let expected = try fingerprint(Variant())
    #expect(try fingerprint(Variant(source: "with ctx.Pool(8) as pool:")) == expected)
    #expect(try fingerprint(Variant(source: nil)) == expected)
    #expect(try fingerprint(Variant(function: "dothings")) == expected)
    #expect(try fingerprint(Variant(file: "sub/thing.py")) == expected)
  }

  @Test func `fork bombs have a name of their own`() throws {
    var list = EventList()
    list.launch(100)
    list.fork(100, 101)
    let bomb = try #require(list.run(processLimit: 1).report.findings.first).fingerprint
    #expect(bomb.hasPrefix("v2:"))
    #expect(bomb != (try fingerprint(Variant())))
  }
}
