import Testing
import TraceModel

@testable import PythonStack

/// The trial of interpreters that no table describes.
struct OffsetTrialTests {
  private static let runtime: UInt64 = 0x50_0000
  /// 3.17.0.
  private static let newer: UInt64 = 0x0311_00f0
  private static let newest = MeasuredBuild.describingThemselves.filter { $0.version.minor == 15 }

  /// Without builds, tests that have them as arguments would pass without doing anything.
  @Test func `there are builds to test`() {
    #expect(MeasuredBuild.all.count > MeasuredBuild.describingThemselves.count)
    #expect(MeasuredBuild.describingThemselves.count > Self.newest.count)
    #expect(!Self.newest.isEmpty)
    #expect(MeasuredBuild.all.contains { $0.offsets.frame.owner != nil })
    #expect(MeasuredBuild.all.contains { $0.offsets.frame.trace != nil })
    #expect(MeasuredBuild.all.contains { $0.offsets.code.bytecode == nil })
    #expect(MeasuredBuild.all.contains { $0.version.minor < 7 && $0.variant == .ordinary })
  }

  /// A process of a version that describes its offsets as `build` does.
  private func process(
    _ build: MeasuredBuild, hex: UInt64,
    change: (inout [UInt8], DebugOffsetsLayout) -> Void = { _, _ in }
  ) throws -> FakeProcess {
    var process = FakeProcess(build)
    let code = process.addCode(path: "/srv/main.py", function: "f", firstLine: 7)
    let outer = process.addFrame(code: code, previous: 0)
    process.run(process.addFrame(code: 0, previous: outer, owner: 3))
    var bytes = try build.debugOffsets(hex: hex, change: change)
    let head = try #require(build.offsets.runtimeInterpreters)
    bytes.put(FakeProcess.interpreterState, at: head)
    process.memory.put(bytes, at: Self.runtime)
    return process
  }

  private func locate(_ process: inout FakeProcess) -> PythonInterpreter.Location {
    let symbols = PythonSymbols(
      firstLoadAddress: 0, runtime: Self.runtime, runtimeSize: nil, version: nil,
      interpreterHead: nil, currentThreadState: nil, isTracingReferences: false)
    return PythonInterpreter.locate(
      in: [LoadedImage(path: "/usr/bin/python3.17", lowestMapping: 0, symbols: symbols)],
      executable: "/usr/bin/python3.17", memory: &process.memory)
  }

  @Test(arguments: newest)
  func `what passes is used`(build: MeasuredBuild) throws {
    var process = try process(build, hex: Self.newer)
    let interpreter = try #require(locate(&process).interpreter)
    #expect(interpreter.version == PythonVersion(major: 3, minor: 17, micro: 0))
    #expect(interpreter.offsets == build.offsets)
    var reader = StackReader()
    let reading = reader.read(
      .threadPointer(FakeProcess.pthread), in: interpreter, memory: &process.memory)
    #expect(reading.functions == ["f"])
  }

  /// Before a release the layout of the description still changes.
  @Test(arguments: MeasuredBuild.describingThemselves)
  func `prereleases are tried`(build: MeasuredBuild) throws {
    let hex = UInt64(3) << 24 | UInt64(build.version.minor) << 16
    for level: UInt64 in [0xa1, 0xb3, 0xc2] {
      var good = try process(build, hex: hex | level)
      #expect(locate(&good).interpreter?.offsets == build.offsets)
      var bad = try process(build, hex: hex | level) { bytes, layout in
        bytes.put(24 as UInt64, at: layout.threadInterpreter)
      }
      let name = build.variant == .freeThreaded ? "free-threaded CPython" : "CPython"
      #expect(
        locate(&bad).reason == "no offsets for a pre-release of \(name) 3.\(build.version.minor)")
    }
  }

  /// The description by a release of a known version is trusted: no frame is needed.
  @Test(arguments: MeasuredBuild.describingThemselves)
  func `known releases are not tried`(build: MeasuredBuild) throws {
    let hex = UInt64(3) << 24 | UInt64(build.version.minor) << 16 | 0xf0
    var process = try process(build, hex: hex)
    process.run(0)
    #expect(locate(&process).interpreter != nil)
  }

  @Test(arguments: newest)
  func `what contradicts itself is refused`(build: MeasuredBuild) throws {
    let changes: [(String, (inout [UInt8], DebugOffsetsLayout) -> Void)] = [
      ("a size of nothing", { $0.put(0 as UInt64, at: $1.codeSize) }),
      ("a huge size", { $0.put(UInt64.max, at: $1.runtimeSize) }),
      ("a field beyond the end", { $0.put(60 as UInt64, at: $1.frameSize) }),
      ("the list's head beyond the end", { $0.put(900 as UInt64, at: $1.runtimeSize) }),
      ("a field that isn't aligned", { $0.put(121 as UInt64, at: $1.codeName) }),
      (
        "two fields at one offset",
        { bytes, layout in
          bytes.put(UInt64(build.offsets.code.filename), at: layout.codeName)
        }
      ),
      (
        "names in another order",
        { bytes, layout in
          bytes.put(UInt64(build.offsets.code.filename), at: layout.codeName)
          bytes.put(UInt64(build.offsets.code.name), at: layout.codeFilename)
        }
      ),
      ("no way back to the interpreter", { $0.put(24 as UInt64, at: $1.threadInterpreter) }),
      ("data before the size", { $0.put(8 as UInt64, at: $1.bytesData) }),
    ]
    for (name, change) in changes {
      var process = try process(build, hex: Self.newer, change: change)
      let location = locate(&process)
      let variant = build.variant == .freeThreaded ? "free-threaded " : ""
      #expect(location.reason == "no offsets for \(variant)CPython 3.17", "\(name)")
    }
  }

  @Test func `memory that contradicts is refused`() throws {
    let build = try #require(Self.newest.first)
    let offsets = build.offsets
    let intact = try process(build, hex: Self.newer)
    let reason = "no offsets for CPython 3.17"
    // No frame, no thread, no interpreter.
    var process = intact
    process.run(0)
    #expect(locate(&process).reason == reason)
    process = intact
    process.memory.poke(
      0, at: FakeProcess.interpreterState + UInt64(offsets.interpreter.threads))
    #expect(locate(&process).reason == reason)
    process = intact
    process.memory.poke(0, at: Self.runtime + UInt64(try #require(offsets.runtimeInterpreters)))
    #expect(locate(&process).reason == reason)
    // A name that isn't text.
    process = intact
    let bytes = process.addBytes([1, 2, 3])
    let code = process.addCode(path: "/srv/main.py", function: "f", firstLine: 7)
    process.memory.poke(bytes, at: code + UInt64(offsets.code.name))
    process.run(process.addFrame(code: code, previous: 0))
    #expect(locate(&process).reason == reason)
    // Circles.
    process = intact
    process.memory.poke(
      FakeProcess.interpreterState,
      at: FakeProcess.interpreterState + UInt64(offsets.interpreter.next))
    process.memory.poke(
      FakeProcess.thread, at: FakeProcess.thread + UInt64(offsets.thread.next))
    process.memory.poke(0, at: FakeProcess.thread + 72)
    process.memory.readCount = 0
    #expect(locate(&process).reason == reason)
    #expect(process.memory.readCount < 10_000)
  }

  @Test(
    arguments: [
      0x0211_00f0, 0x0400_00f0, 0x03ff_00f0, 0x0311_0000, 0x0311_0050, 0x1_0311_00f0,
    ])
  func `version has to be possible`(hex: UInt64) throws {
    var process = try process(try #require(Self.newest.first), hex: hex)
    #expect(locate(&process).reason?.hasPrefix("no offsets for ") == true)
  }

  /// Whatever memory contains, the interpreter is found or refused, and reading ends.
  @Test(arguments: newest)
  func `damage does no harm`(build: MeasuredBuild) throws {
    let intact = try process(build, hex: Self.newer)
    var random = SeededGenerator(state: 6)
    for _ in 0..<2000 {
      var process = intact
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<process.memory.regions.count, using: &random)
        let size = process.memory.regions[index].bytes.count / 8
        guard size > 0 else { continue }
        let largest = UInt64.max >> UInt64.random(in: 0...63, using: &random)
        process.memory.regions[index].bytes.put(
          UInt64.random(in: 0...largest, using: &random),
          at: 8 * Int.random(in: 0..<min(size, 120), using: &random))
      }
      process.memory.readCount = 0
      _ = locate(&process)
      #expect(process.memory.readCount < 50_000)
    }
  }
}
