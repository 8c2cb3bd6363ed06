import ELFImage
import TraceModel

@testable import PythonStack

/// A process that is built as the input says: sound at first, then damaged.
struct Scene {
  static let runtime: UInt64 = 0x20_0000
  static let version: UInt64 = 0x21_0000
  private static let ladderBase: UInt64 = 0x4000_0000
  private static let codeLadderBase: UInt64 = 0x5000_0000

  /// Numbers at which behaviour may change: pages, limits of text, tables and records, sizes,
  /// signs.
  private static let edges: [UInt64] = [
    0, 1, 2, 3, 4, 7, 8, 31, 32, 63, 64, 127, 128, 248, 249, 255, 256, 4095, 4096, 4097, 65_535,
    65_536, 65_537, 1 << 20, 1 << 20 + 1, 1 << 24, 1 << 24 + 1, 1 << 31 - 1, 1 << 31, 1 << 32 - 1,
    1 << 32, 1 << 47, 1 << 62, 1 << 63 - 1, 1 << 63, .max - 4096, .max - 255, .max - 8, .max - 1,
    .max,
  ]

  let build: MeasuredBuild
  var memory: HostileMemory
  /// Addresses of objects, of all kinds.
  private(set) var objects: [UInt64]
  /// Addresses of fields that the reader certainly reads. Damage elsewhere mostly changes nothing.
  private let fields: [UInt64]
  let otherNumber: Int32
  let key: ThreadKey

  init(_ decisions: inout Decisions) {
    build = decisions.element(MeasuredBuild.all)
    var process = FakeProcess(build)
    let globals = process.addGlobals(
      name: decisions.element(["__main__", "__mp_main__", "caf\u{e9}", ""]),
      hasTextKeys: decisions.flag())
    var codes: [UInt64] = []
    for _ in 0...decisions.below(3) {
      codes.append(
        process.addCode(
          path: decisions.element([
            "/srv/main.py", "<string>", "<frozen os>", "/\u{4e2d}/\u{1f600}.py", "__init__",
            String(repeating: "long/", count: 70),
          ]),
          function: decisions.element(["<module>", "f", "__init__", "\u{e9}", "\u{1f600}"]),
          firstLine: Int32(decisions.below(300)) - 20,
          table: decisions.flag() ? decisions.bytes(decisions.below(24)) : nil))
    }
    var frame: UInt64 = 0
    var frames: [UInt64] = []
    for _ in 0...decisions.below(6) {
      frame = process.addFrame(
        code: decisions.element(codes), previous: frame, globals: globals,
        owner: UInt8(decisions.below(6)), position: Int64(decisions.below(64)))
      frames.append(frame)
    }
    process.run(frame)
    process.addThread(
      at: 0x14_0000, pthread: 0x15_0000, number: 99, frame: decisions.flag() ? frame : 0,
      native: 99)
    if decisions.flag() {
      process.memory.pokeIfThere(
        0x14_0000, at: FakeProcess.thread + UInt64(build.offsets.thread.next))
    }
    if case .throughCFrame(let pointer, let offset) = build.offsets.thread.topFrame,
      let link: UInt64 = process.memory.integer(at: FakeProcess.thread + UInt64(pointer))
    {
      // The next outer call of the interpreter, which 3.11 keeps in a list.
      var under = [UInt8](repeating: 0, count: 24)
      under.put(frame, at: offset)
      process.memory.pokeIfThere(process.add(under), at: link + UInt64(offset) + 8)
    }
    otherNumber = decisions.element([99, 7, -1, 0, .max])
    key = decisions.flag() ? .threadPointer(0x15_0000) : .threadID(99, isOnlyThread: false)
    addRuntime(to: &process, build)
    fields = Self.fields(of: &process, frames: frames, codes: codes, globals: globals)
    memory = HostileMemory(fake: process.memory)
    objects = codes + [globals, frame]
    while !decisions.isEmpty, decisions.byte() != 0 {
      damage(&decisions, codes: codes, frame: frame, globals: globals)
    }
    memory.changes.sort { $0.afterReads > $1.afterReads }
  }

  /// The interpreter, found in one of the possible ways; nil if it isn't found.
  mutating func interpreter(_ decisions: inout Decisions) -> PythonInterpreter? {
    let sound = PythonInterpreter(
      version: build.version, root: .interpreters(at: FakeProcess.head), offsets: build.offsets)
    let isOld = build.version < PythonVersion(major: 3, minor: 7)
    let symbols: PythonSymbols
    switch decisions.below(5) {
    case 0, 1:
      symbols = PythonSymbols(
        firstLoadAddress: 0x1000, runtime: isOld ? nil : Self.runtime, runtimeSize: nil,
        version: build.version.minor < 11 ? nil : Self.version,
        interpreterHead: isOld ? FakeProcess.head : nil, currentThreadState: nil,
        isTracingReferences: build.variant == .tracedReferences)
    case 2:
      return sound
    case 3:
      // Up to 3.6 the thread that holds the lock has a pointer to the interpreter behind `next`.
      memory.fake.pokeIfThere(
        FakeProcess.interpreterState, at: FakeProcess.thread + UInt64(build.offsets.thread.next) + 8
      )
      return PythonInterpreter(
        version: build.version, root: .currentThreadState(at: FakeProcess.head),
        offsets: build.offsets)
    default:
      symbols = PythonSymbols(
        firstLoadAddress: number(&decisions), runtime: decisions.flag() ? number(&decisions) : nil,
        runtimeSize: decisions.element([nil, 1520, 1464, 656, 672]),
        version: decisions.flag() ? number(&decisions) : nil,
        interpreterHead: decisions.flag() ? number(&decisions) : nil,
        currentThreadState: decisions.flag() ? number(&decisions) : nil,
        isTracingReferences: decisions.flag())
    }
    let name = decisions.element([
      "libpython\(build.version.major).\(build.version.minor).so.1.0", "libpython.so",
      "python99999999999999999999.1", "",
    ])
    let image = LoadedImage(
      path: "/usr/lib/\(name)", lowestMapping: decisions.flag() ? number(&decisions) : 0x1000,
      symbols: symbols)
    let location = PythonInterpreter.locate(
      in: [image], executable: "/usr/bin/python\(build.version.major).\(build.version.minor)",
      memory: &memory)
    guard case .found(let interpreter) = location else { return nil }
    return interpreter
  }

  /// A number for damage: an address of a region, one of `edges`, or any other.
  private func number(_ decisions: inout Decisions) -> UInt64 {
    switch decisions.below(4) {
    case 0:
      let region = decisions.element(memory.fake.regions.map(\.address))
      return region &+ UInt64(decisions.byte() & 0x1f)
    case 1: return decisions.element(Self.edges)
    case 2: return UInt64(decisions.byte())
    default: return decisions.word()
    }
  }

  /// Does one piece of damage.
  private mutating func damage(
    _ decisions: inout Decisions, codes: [UInt64], frame: UInt64, globals: UInt64
  ) {
    let index = decisions.below(memory.fake.regions.count)
    let region = memory.fake.regions[index]
    guard !region.bytes.isEmpty else { return }
    let offset = decisions.below(region.bytes.count)
    switch decisions.below(10) {
    case 0, 1:
      memory.fake.pokeIfThere(number(&decisions), at: decisions.element(fields))
    case 2:
      memory.fake.pokeIfThere(number(&decisions), at: region.address + UInt64(offset))
    case 3:
      memory.fake.regions[index].bytes[offset] = decisions.byte()
    case 4:
      memory.fake.regions[index].bytes.removeLast(region.bytes.count - offset)
    case 5:
      memory.changes.append(
        HostileMemory.Change(
          afterReads: decisions.below(256), address: decisions.element(fields),
          value: number(&decisions)))
    case 6:
      memory.backdrop = decisions.bytes(decisions.below(33))
    case 7:
      // Another structure replaces this one.
      let address = region.address
      memory.fake.put(decisions.element(memory.fake.regions.map(\.bytes)), at: address)
    case 8:
      objects.append(number(&decisions))
    default:
      addLadder(&decisions, codes: codes, frame: frame, globals: globals)
    }
  }

  private static func fields(
    of process: inout FakeProcess, frames: [UInt64], codes: [UInt64], globals: UInt64
  ) -> [UInt64] {
    let offsets = process.build.offsets
    var fields = [FakeProcess.head]
    func add(_ address: UInt64, _ parts: Int?...) {
      fields += parts.compactMap { $0.map { address &+ UInt64($0) } }
    }
    let position =
      switch offsets.frame.position {
      case .index(let offset, _), .pointer(let offset): offset
      }
    for frame in frames {
      let parts = offsets.frame
      add(
        frame, parts.previous, parts.code, parts.globals, position, parts.owner,
        parts.bytecodeIndex)
    }
    for code in codes {
      let parts = offsets.code
      add(
        code, parts.filename, parts.name, parts.firstLine, parts.lineTable, parts.threadBytecodes)
      for part in [parts.filename, parts.name] {
        let text: UInt64 = process.memory.integer(at: code + UInt64(part)) ?? 0
        add(
          text, offsets.bytes.size, offsets.text?.length, offsets.text?.state,
          offsets.text?.compactSize)
      }
      let table: UInt64 = process.memory.integer(at: code + UInt64(parts.lineTable)) ?? 0
      add(table, offsets.bytes.size, offsets.bytes.data)
      if let copies = parts.threadBytecodes {
        add(process.memory.integer(at: code + UInt64(copies)) ?? 0, 0, 8)
      }
    }
    let table: Int
    switch offsets.dictionary {
    case .keys(let keys, let values):
      add(globals, keys, values)
      table = keys
    case .slots(let mask, let slots):
      add(globals, mask, slots)
      table = slots
    }
    // The head of the table and its first entries, of any version.
    add(
      process.memory.integer(at: globals + UInt64(table)) ?? 0, 3, 8, 24, 32, 40, 48, 56, 64, 72,
      168, 176, 184)
    let thread = offsets.thread
    add(FakeProcess.thread, thread.next, thread.identifier, thread.nativeIdentifier)
    switch thread.topFrame {
    case .direct(let offset):
      add(FakeProcess.thread, offset)
    case .throughCFrame(let pointer, let offset):
      add(FakeProcess.thread, pointer)
      add(
        process.memory.integer(at: FakeProcess.thread + UInt64(pointer)) ?? 0, offset, offset + 8)
    }
    add(FakeProcess.interpreterState, offsets.interpreter.next, offsets.interpreter.threads)
    add(FakeProcess.pthread, Int(Architecture.threadIDOffset))
    return fields
  }

  /// Replaces a short list by a long one.
  private mutating func addLadder(
    _ decisions: inout Decisions, codes: [UInt64], frame: UInt64, globals: UInt64
  ) {
    guard memory.ladders.isEmpty else { return }
    func bytes(_ address: UInt64, _ size: Int) -> [UInt8] {
      let region = memory.fake.regions.last { $0.address == address }
      return Array((region?.bytes ?? []).prefix(size))
        + [UInt8](
          repeating: 0, count: max(0, size - (region?.bytes.count ?? 0)))
    }
    // Rarely a very long one, because it takes a thousand times as long.
    let count: UInt64 =
      decisions.byte() == 0xfe ? 30_000 : UInt64(decisions.element([20, 70, 100, 600]))
    switch decisions.below(3) {
    case 0:
      var ladder = HostileMemory.Ladder(
        base: Self.ladderBase, count: count, template: bytes(frame, 256),
        link: build.offsets.frame.previous)
      if decisions.flag(), let code = codes.first {
        // Each frame has a code object of its own.
        memory.ladders.append(
          HostileMemory.Ladder(
            base: Self.codeLadderBase, count: count, template: bytes(code, 512), link: 504))
        ladder.member = (build.offsets.frame.code, Self.codeLadderBase, 512)
      }
      memory.ladders.append(ladder)
      memory.fake.pokeIfThere(
        Self.ladderBase, at: frame + UInt64(build.offsets.frame.previous))
    case 1:
      memory.ladders.append(
        HostileMemory.Ladder(
          base: Self.ladderBase, count: count, template: bytes(FakeProcess.thread, 256),
          link: build.offsets.thread.next))
      memory.fake.pokeIfThere(
        Self.ladderBase, at: FakeProcess.thread + UInt64(build.offsets.thread.next))
    default:
      let interpreter = build.offsets.interpreter
      memory.ladders.append(
        HostileMemory.Ladder(
          base: Self.ladderBase, count: count,
          template: bytes(
            FakeProcess.interpreterState, max(interpreter.next, interpreter.threads) + 8),
          link: interpreter.next))
      memory.fake.pokeIfThere(
        Self.ladderBase, at: FakeProcess.interpreterState + UInt64(interpreter.next))
    }
  }
}

/// Adds the variables that the symbols lead to: `_PyRuntime` with its description, and
/// `Py_Version`.
private func addRuntime(to process: inout FakeProcess, _ build: MeasuredBuild) {
  let number = UInt64(build.version.major) << 24 | UInt64(build.version.minor) << 16 | 0x5f0
  var runtime = build.describedOffsets(hex: number) ?? [UInt8](repeating: 0, count: 1024)
  if let head = build.offsets.runtimeInterpreters {
    runtime.put(FakeProcess.interpreterState, at: head)
  }
  process.memory.put(runtime, at: Scene.runtime)
  var version = [UInt8](repeating: 0, count: 8)
  version.put(number, at: 0)
  process.memory.put(version, at: Scene.version)
}
