import ELFImage
import TraceModel

@testable import PythonStack

/// The memory of a process with an interpreter in it, laid out as a version has it.
struct FakeProcess {
  static let head: UInt64 = 0x10_0000
  static let interpreterState: UInt64 = 0x11_0000
  static let pthread: UInt64 = 0x12_0000
  static let thread: UInt64 = 0x13_0000
  static let threadID: Int32 = 4321
  /// The offset of a thread state's pointer back to its interpreter, in versions that describe
  /// their offsets.
  static let threadInterpreter = 16

  let build: MeasuredBuild
  var memory = FakeMemory()
  private var nextAddress: UInt64 = 0x100_0000

  init(_ build: MeasuredBuild, topFrame: UInt64 = 0) {
    self.build = build
    var head = [UInt8](repeating: 0, count: 8)
    head.put(Self.interpreterState, at: 0)
    memory.put(head, at: Self.head)
    let offsets = build.offsets
    var interpreter = [UInt8](
      repeating: 0, count: max(offsets.interpreter.next, offsets.interpreter.threads) + 8)
    interpreter.put(Self.thread, at: offsets.interpreter.threads)
    memory.put(interpreter, at: Self.interpreterState)
    addThread(at: Self.thread, pthread: Self.pthread, number: Self.threadID, frame: topFrame)
  }

  var interpreter: PythonInterpreter {
    PythonInterpreter(
      version: build.version, root: .interpreters(at: Self.head), offsets: build.offsets)
  }

  /// Puts bytes into unused memory, and returns their address.
  mutating func add(_ bytes: [UInt8]) -> UInt64 {
    let address = nextAddress
    memory.put(bytes, at: address)
    nextAddress += UInt64(bytes.count + 0x1f) & ~0xf
    return address
  }

  mutating func addThread(
    at address: UInt64, pthread: UInt64, number: Int32, frame: UInt64, next: UInt64 = 0,
    native: UInt64 = 0
  ) {
    var control = [UInt8](repeating: 0, count: 800)
    control.put(number, at: Int(Architecture.threadIDOffset))
    memory.put(control, at: pthread)
    let thread = build.offsets.thread
    var state = [UInt8](repeating: 0, count: 256)
    state.put(next, at: thread.next)
    state.put(Self.interpreterState, at: Self.threadInterpreter)
    state.put(pthread, at: thread.identifier)
    if let offset = thread.nativeIdentifier { state.put(native, at: offset) }
    switch thread.topFrame {
    case .direct(let offset):
      state.put(frame, at: offset)
    case .throughCFrame(let pointer, let offset):
      var link = [UInt8](repeating: 0, count: 24)
      link.put(frame, at: offset)
      state.put(add(link), at: pointer)
    }
    memory.put(state, at: address)
  }

  /// Adds a text in the form in which the version keeps names.
  mutating func addText(_ text: String) -> UInt64 {
    let scalars = text.unicodeScalars.map(\.value)
    let largest = scalars.max() ?? 0
    guard let layout = build.offsets.text else {
      return addBytes(Array(text.utf8))
    }
    let isASCII = largest < 0x80
    let width = largest < 0x100 ? 1 : largest < 0x1_0000 ? 2 : 4
    var bytes = [UInt8](repeating: 0, count: isASCII ? layout.asciiSize : layout.compactSize)
    bytes.put(UInt64(scalars.count), at: layout.length)
    let kind = UInt32(width) << layout.kindMask.trailingZeroBitCount
    bytes.put(kind | layout.compactMask | (isASCII ? layout.asciiMask : 0), at: layout.state)
    for scalar in scalars {
      Swift.withUnsafeBytes(of: scalar.littleEndian) { bytes += $0.prefix(width) }
    }
    return add(bytes + [0, 0, 0, 0])
  }

  mutating func addBytes(_ content: [UInt8]) -> UInt64 {
    var bytes = [UInt8](repeating: 0, count: build.offsets.bytes.data)
    bytes.put(UInt64(content.count), at: build.offsets.bytes.size)
    return add(bytes + content + [0])
  }

  /// A line table that gives the instructions up to byte 10 the first line, and the next ten bytes
  /// the second.
  var lineTable: [UInt8] {
    switch interpreter.lineTableFormat {
    case .deltas: [10, 1]
    case .ranges: [10, 0, 10, 1]
    case .locations: [0x80 | 4, 0, 0x80 | 11 << 3 | 4, 0, 0]
    }
  }

  mutating func addCode(
    path: String, function: String, qualifiedName: String? = nil, firstLine: Int32,
    table: [UInt8]? = nil
  ) -> UInt64 {
    let offsets = build.offsets.code
    var code = [UInt8](repeating: 0, count: 512)
    code.put(addText(path), at: offsets.filename)
    let name = addText(function)
    code.put(name, at: offsets.name)
    if let offset = offsets.qualifiedName {
      code.put(qualifiedName.map { addText($0) } ?? name, at: offset)
    }
    code.put(firstLine, at: offsets.firstLine)
    code.put(addBytes(table ?? lineTable), at: offsets.lineTable)
    let address = add(code)
    if let copies = offsets.threadBytecodes, let bytecode = offsets.bytecode {
      var array = [UInt8](repeating: 0, count: 16)
      array.put(1 as UInt64, at: 0)
      array.put(address + UInt64(bytecode), at: 8)
      memory.poke(add(array), at: address + UInt64(copies))
    }
    return address
  }

  /// Adds a frame that executes the instruction at byte 12 of the code.
  mutating func addFrame(
    code: UInt64, previous: UInt64, globals: UInt64 = 0, owner: UInt8 = 0, position: Int64 = 12
  ) -> UInt64 {
    let offsets = build.offsets.frame
    var frame = [UInt8](repeating: 0, count: 128 + 32)
    frame.put(previous, at: offsets.previous)
    frame.put(code, at: offsets.code)
    frame.put(globals, at: offsets.globals)
    if let offset = offsets.owner { frame[offset] = owner }
    switch offsets.position {
    case .index(let offset, let unit):
      frame.put(Int32(position) / Int32(unit), at: offset)
    case .pointer(let offset):
      let start = code + UInt64(build.offsets.code.bytecode ?? 0)
      frame.put(start &+ UInt64(bitPattern: position), at: offset)
    }
    return add(frame)
  }

  mutating func addGlobals(name: String, hasTextKeys: Bool = true) -> UInt64 {
    addGlobals(name: addText(name), hasTextKeys: hasTextKeys)
  }

  /// Adds a module's dictionary with `__name__` after another entry.
  mutating func addGlobals(name: UInt64, hasTextKeys: Bool = true) -> UInt64 {
    let pairs = [(addText("__nome__"), addText("wrong")), (addText("__name__"), name)]
    var dictionary = [UInt8](repeating: 0, count: 128)
    switch build.offsets.dictionary {
    case .slots(let mask, let table):
      var slots = [UInt8](repeating: 0, count: 8 * 24)
      // The hash leads to slot 1, which is taken, and then to slot 7.
      for (slot, hash, pair) in [(1, 1, pairs[0]), (7, 0xfae3_f4fd_3cfa_8ed9 as UInt64, pairs[1])] {
        slots.put(hash, at: slot * 24)
        slots.put(pair.0, at: slot * 24 + 8)
        slots.put(pair.1, at: slot * 24 + 16)
      }
      dictionary.put(7 as UInt64, at: mask)
      dictionary.put(add(slots), at: table)
    case .keys(let keys, _):
      let isOld = build.version.minor < 11
      var table = [UInt8](repeating: 0, count: isOld ? 40 + 8 : 32 + 8)
      if isOld {
        table.put(8 as UInt64, at: 8)
        table.put(2 as UInt64, at: 32)
      } else {
        table[8] = 3
        table[9] = 3
        table[10] = hasTextKeys ? 1 : 0
        table.put(2 as UInt64, at: 24)
      }
      for pair in pairs {
        var entry = [UInt8](repeating: 0, count: isOld || !hasTextKeys ? 24 : 16)
        entry.put(pair.0, at: entry.count - 16)
        entry.put(pair.1, at: entry.count - 8)
        table += entry
      }
      dictionary.put(add(table), at: keys)
    }
    return add(dictionary)
  }

  /// Makes `frame` the innermost one of the first thread.
  mutating func run(_ frame: UInt64) {
    addThread(
      at: Self.thread, pthread: Self.pthread, number: Self.threadID, frame: frame)
  }

  /// Reads the stack; without an `end` however long it takes.
  mutating func read(
    _ key: ThreadKey = .threadPointer(FakeProcess.pthread),
    until end: SuspendingClock.Instant = .now + .seconds(3600)
  ) -> StackReading {
    var reader = StackReader()
    return reader.readWithEvaluations(key, in: interpreter, until: end, memory: &memory).reading
  }
}
