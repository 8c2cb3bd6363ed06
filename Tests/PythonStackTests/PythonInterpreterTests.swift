import Testing
import TraceModel

@testable import PythonStack

struct PythonInterpreterTests {
  private static let base: UInt64 = 0x7f00_0000_0000
  private static let runtime: UInt64 = 0x5000

  private func locate(
    _ symbols: PythonSymbols, path: String = "/usr/lib/libx.so", executable: String = "/usr/bin/x",
    _ content: [(UInt64, [UInt8])] = []
  ) -> PythonInterpreter.Location {
    var memory = FakeMemory()
    for (address, bytes) in content { memory.put(bytes, at: Self.base + address) }
    return PythonInterpreter.locate(
      in: [LoadedImage(path: path, lowestMapping: Self.base, symbols: symbols)],
      executable: executable, memory: &memory)
  }

  private func symbols(
    runtime: UInt64? = PythonInterpreterTests.runtime, size: UInt64? = nil, version: UInt64? = nil,
    head: UInt64? = nil, current: UInt64? = nil, isTracingReferences: Bool = false
  ) -> PythonSymbols {
    PythonSymbols(
      firstLoadAddress: 0x40_0000, runtime: runtime.map { $0 + 0x40_0000 }, runtimeSize: size,
      version: version.map { $0 + 0x40_0000 }, interpreterHead: head.map { $0 + 0x40_0000 },
      currentThreadState: current.map { $0 + 0x40_0000 },
      isTracingReferences: isTracingReferences)
  }

  @Test(arguments: MeasuredBuild.describingThemselves)
  func `process describes its offsets`(build: MeasuredBuild) throws {
    let hex = UInt64(3) << 24 | UInt64(build.version.minor) << 16 | 5 << 8 | 0xf0
    let location = locate(
      symbols(), [(Self.runtime, try build.debugOffsets(hex: hex))])
    let interpreter = try #require(location.interpreter)
    #expect(interpreter.version == PythonVersion(major: 3, minor: build.version.minor, micro: 5))
    #expect(interpreter.offsets == build.offsets)
    #expect(
      interpreter.root
        == .interpreters(
          at: Self.base + Self.runtime + UInt64(try #require(build.offsets.runtimeInterpreters))))
  }

  @Test func `description by the process is trusted`() throws {
    let bytes = try MeasuredBuild.python314.debugOffsets(hex: 0x030e_0af0) { bytes, layout in
      bytes.put(160 as UInt64, at: layout.codeLineTable)
      bytes.put(44 as UInt64, at: layout.textASCIISize)
    }
    let offsets = try #require(locate(symbols(), [(Self.runtime, bytes)]).interpreter?.offsets)
    #expect(offsets.code.lineTable == 160)
    #expect(offsets.text?.asciiSize == 44)
    #expect(offsets.text?.compactSize == 60)
  }

  @Test func `impossible offsets are refused`() throws {
    for value in [249, 1 << 32, UInt64.max] {
      let bytes = try MeasuredBuild.python314.debugOffsets(hex: 0x030e_0af0) { bytes, layout in
        bytes.put(value, at: layout.codeName)
      }
      #expect(
        locate(symbols(), [(Self.runtime, bytes)]).reason
          == "CPython 3.14.10 describes itself by impossible offsets")
    }
  }

  @Test func `newer version is not guessed`() throws {
    let bytes = try MeasuredBuild.python314.debugOffsets(hex: 0x0311_00a1)
    #expect(locate(symbols(), [(Self.runtime, bytes)]).reason == "no offsets for CPython 3.17")
    var freeThreaded = try MeasuredBuild.python314.debugOffsets(hex: 0x0310_00f0)
    freeThreaded.put(1 as UInt64, at: 16)
    #expect(
      locate(symbols(), [(Self.runtime, freeThreaded)]).reason
        == "no offsets for free-threaded CPython 3.16")
  }

  @Test func `version is taken from the surest source`() throws {
    let runtime = [UInt8](repeating: 0, count: 64)
    var number = [UInt8](repeating: 0, count: 8)
    number.put(0x030b_02f0 as UInt32, at: 0)
    let path = "/usr/lib/libpython3.12.so.1.0"
    let described = locate(
      symbols(version: 0x9000), path: path, [(Self.runtime, runtime), (0x9000, number)])
    #expect(described.interpreter?.version == PythonVersion(major: 3, minor: 11, micro: 2))
    let named = locate(symbols(size: 656), path: path, [(Self.runtime, runtime)])
    #expect(named.interpreter?.version == PythonVersion(major: 3, minor: 12))
    let sized = locate(
      symbols(size: 656), executable: "/usr/bin/python3.8", [(Self.runtime, runtime)])
    #expect(sized.interpreter?.version == PythonVersion(major: 3, minor: 9))
    let program = locate(symbols(), executable: "/usr/bin/python3.8", [(Self.runtime, runtime)])
    #expect(program.interpreter?.version == PythonVersion(major: 3, minor: 8))
    #expect(
      locate(symbols(), [(Self.runtime, runtime)]).reason == "a Python of unknown version")
    #expect(
      locate(symbols(), path: "libpython3.5m.so", [(Self.runtime, runtime)]).reason
        == "no offsets for CPython 3.5")
    #expect(
      locate(symbols(), path: "libpython3.14.so", [(Self.runtime, runtime)]).reason
        == "no offsets for CPython 3.14")
    #expect(locate(symbols()).reason == "Python's state can't be read")
  }

  @Test func `old versions have other roots`() {
    let path = "/opt/lib/libpython3.6m.so.1.0"
    #expect(
      locate(symbols(runtime: nil, head: 0x7000, current: 0x7010), path: path).interpreter?.root
        == .interpreters(at: Self.base + 0x7000))
    #expect(
      locate(symbols(runtime: nil, current: 0x7010), path: path).interpreter?.root
        == .currentThreadState(at: Self.base + 0x7010))
    let debug = locate(
      symbols(runtime: nil, head: 0x7000, isTracingReferences: true), path: path)
    #expect(debug.interpreter?.offsets.bytes.data == 48)
  }

  @Test func `lock holder leads to the interpreter`() throws {
    let build = try #require(MeasuredBuild.all.first { $0.version.minor == 6 })
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    process.run(process.addFrame(code: code, previous: 0))
    process.memory.poke(
      FakeProcess.interpreterState, at: FakeProcess.thread + UInt64(build.offsets.thread.next) + 8)
    let interpreter = PythonInterpreter(
      version: build.version, root: .currentThreadState(at: FakeProcess.head),
      offsets: build.offsets)
    var reader = StackReader()
    let key = ThreadKey.threadPointer(FakeProcess.pthread)
    process.memory.poke(0, at: FakeProcess.head)
    #expect(
      reader.read(key, in: interpreter, memory: &process.memory)
        == .unreadable("no thread holds Python's lock, and its symbols are stripped"))
    process.memory.poke(FakeProcess.thread, at: FakeProcess.head)
    #expect(
      reader.read(key, in: interpreter, memory: &process.memory).functions == ["f"])
    // The interpreter is remembered when the lock is free.
    process.memory.poke(0, at: FakeProcess.head)
    #expect(
      reader.read(key, in: interpreter, memory: &process.memory).functions == ["f"])
  }

  /// A thread that opens a file has released the lock, so the variables are searched.
  @Test(arguments: MeasuredBuild.all.filter { $0.version.minor < 7 && $0.variant == .ordinary })
  func `interpreter is found among variables`(build: MeasuredBuild) throws {
    let variables: UInt64 = 0x60_0ff8
    let other: UInt64 = 0x61_0000
    let intact: FakeProcess = {
      var process = FakeProcess(build)
      let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
      process.run(process.addFrame(code: code, previous: 0))
      process.memory.poke(FakeProcess.pthread, at: FakeProcess.pthread)
      process.memory.poke(
        FakeProcess.interpreterState, at: FakeProcess.thread + UInt64(build.offsets.thread.next) + 8
      )
      process.memory.poke(0, at: FakeProcess.head)
      // A newer interpreter with one thread.
      var state = [UInt8](repeating: 0, count: 64)
      state.put(FakeProcess.interpreterState, at: build.offsets.interpreter.next)
      state.put(other + 0x100, at: build.offsets.interpreter.threads)
      process.addThread(at: other + 0x100, pthread: other + 0x1000, number: 7, frame: 0)
      process.memory.poke(other, at: other + 0x100 + UInt64(build.offsets.thread.next) + 8)
      process.memory.poke(other + 0x1000, at: other + 0x1000)
      process.memory.put(state, at: other)
      // The main interpreter, rubbish, the newest one.
      var bytes = [UInt8](repeating: 0, count: 0x3000)
      bytes.put(FakeProcess.interpreterState, at: 0)
      bytes.put(FakeProcess.thread, at: 8)
      bytes.put(0xdead_0000 as UInt64, at: 16)
      bytes.put(other, at: 0x2000)
      process.memory.put(bytes, at: variables)
      return process
    }()
    func read(_ process: inout FakeProcess, _ size: UInt64 = 0x3000) -> StackReading {
      var reader = StackReader()
      let interpreter = PythonInterpreter(
        version: build.version,
        root: .currentThreadState(at: FakeProcess.head, variables: variables..<variables + size),
        offsets: build.offsets)
      return reader.read(
        .threadPointer(FakeProcess.pthread), in: interpreter, memory: &process.memory)
    }
    var process = intact
    #expect(read(&process).functions == ["f"])
    process = intact
    #expect(
      StaticVariableSearch.newestInterpreter(
        among: variables..<variables + 0x3000, build.offsets, in: &process.memory) == other)
    // Without a thread's control block behind it, it isn't an interpreter.
    process = intact
    process.memory.poke(1, at: FakeProcess.pthread)
    let missing = StackReading.unreadable(
      "no thread holds Python's lock, and its symbols are stripped")
    #expect(read(&process) == missing)
    process = intact
    process.memory.readCount = 0
    #expect(read(&process, 1 << 40) == missing)
    #expect(process.memory.readCount < 100)
    // One page of variables is unreadable.
    process = intact
    #expect(read(&process, 0x10_0000).functions == ["f"])
  }

  @Test func `no images, no interpreter`() {
    var memory = FakeMemory()
    guard
      case .none = PythonInterpreter.locate(in: [], executable: "/bin/sh", memory: &memory)
    else {
      Issue.record("found")
      return
    }
  }

  @Test(
    arguments: [
      ("libpython3.12.so.1.0", "3.12"), ("libpython2.7.so", "2.7"), ("libpython3.6m.so.1.0", "3.6"),
      ("python3.10", "3.10"), ("python3.11-dbg", "3.11"), ("python3.13t", "3.13"),
      ("python3", nil), ("python", nil), ("python3.", nil), ("pythonx.y", nil), ("perl5.36", nil),
      ("", nil), ("python99999999999999999999.1", nil),
    ])
  func `names contain versions`(name: String, version: String?) {
    #expect(PythonVersion(fileName: name[...])?.description == version)
  }
}

extension PythonInterpreter.Location {
  var interpreter: PythonInterpreter? {
    if case .found(let interpreter) = self { interpreter } else { nil }
  }

  var reason: String? {
    if case .unsupported(let reason) = self { reason } else { nil }
  }
}

extension FakeMemory {
  /// The 64-bit number at an address.
  mutating func word(at address: UInt64) -> UInt64? {
    integer(at: address)
  }
}
