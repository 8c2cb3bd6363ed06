import Testing
import TraceModel

@testable import PythonStack

struct StackReaderTests {
  @Test(arguments: MeasuredBuild.all)
  func `frames are read innermost first`(build: MeasuredBuild) throws {
    var process = FakeProcess(build)
    let globals = process.addGlobals(name: "__main__")
    let module = process.addCode(path: "/srv/main.py", function: "<module>", firstLine: 1)
    let function = process.addCode(path: "/srv/caf\u{e9}.py", function: "f", firstLine: 40)
    let outer = process.addFrame(code: module, previous: 0, globals: globals)
    let inner = process.addFrame(code: function, previous: outer, position: 4)
    process.run(inner)
    let expected = StackReading.read(
      PythonCallStack(
        version: build.version,
        frames: [
          PythonFrame(path: "/srv/caf\u{e9}.py", line: 40, function: "f"),
          PythonFrame(path: "/srv/main.py", line: 2, function: "<module>", module: "__main__"),
        ]))
    #expect(process.read() == expected)
    #expect(process.read(.threadID(FakeProcess.threadID, isOnlyThread: false)) == expected)
  }

  @Test(arguments: MeasuredBuild.all)
  func `qualified name is read where it says more`(build: MeasuredBuild) throws {
    var process = FakeProcess(build)
    let plain = process.addCode(path: "a.py", function: "plain", firstLine: 1)
    // Another object with the same text, as in code that was made by hand.
    let same = process.addCode(
      path: "a.py", function: "same", qualifiedName: "same", firstLine: 1)
    let method = process.addCode(
      path: "a.py", function: "run", qualifiedName: "Suite.run.<locals>.run", firstLine: 1)
    let broken = process.addCode(path: "a.py", function: "broken", firstLine: 1)
    if let offset = build.offsets.code.qualifiedName {
      process.memory.poke(0xdead_0000, at: broken + UInt64(offset))
    }
    var top: UInt64 = 0
    for code in [plain, same, method, broken] {
      top = process.addFrame(code: code, previous: top)
    }
    process.run(top)
    let read = process.frames
    let frames = try #require(read)
    #expect(frames.map(\.function) == ["broken", "run", "same", "plain"])
    let expected = build.offsets.code.qualifiedName == nil ? nil : "Suite.run.<locals>.run"
    #expect(frames.map(\.qualifiedName) == [nil, expected, nil, nil])
    #expect((expected != nil) == (build.version >= PythonVersion(major: 3, minor: 11)))
  }

  /// An object that is both names is read once, and no name is read again while the code is cached.
  @Test(arguments: MeasuredBuild.all)
  func `qualified name costs nothing`(build: MeasuredBuild) {
    func reads(_ qualifiedName: String?) -> (cold: Int, warm: Int) {
      var process = FakeProcess(build)
      let code = process.addCode(
        path: "a.py", function: "f", qualifiedName: qualifiedName, firstLine: 1)
      process.run(process.addFrame(code: code, previous: 0))
      var reader = StackReader()
      let key = ThreadKey.threadPointer(FakeProcess.pthread)
      _ = reader.read(key, in: process.interpreter, memory: &process.memory)
      let cold = process.memory.readCount
      _ = reader.read(key, in: process.interpreter, memory: &process.memory)
      return (cold, process.memory.readCount - cold)
    }
    let one = reads(nil)
    let two = reads("A.f")
    #expect(two.cold == one.cold + (build.offsets.code.qualifiedName == nil ? 0 : 1))
    #expect(two.warm == one.warm)
  }

  @Test(arguments: MeasuredBuild.all)
  func `thread without frames has an empty stack`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    let empty = StackReading.read(PythonCallStack(version: build.version, frames: []))
    #expect(process.read() == empty)
    #expect(process.read(.threadPointer(0x99_9999)) == empty)
    #expect(process.read(.threadID(FakeProcess.threadID, isOnlyThread: true)) == empty)
    // Before the interpreter has started there is no list.
    process.memory.poke(0, at: FakeProcess.head)
    #expect(process.read() == empty)
  }

  @Test(arguments: MeasuredBuild.all.filter { $0.offsets.frame.owner != nil })
  func `frames of the interpreter are left out`(build: MeasuredBuild) throws {
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    let outer = process.addFrame(code: code, previous: 0)
    let shim = process.addFrame(code: 0x1, previous: outer, owner: 3)
    // The code under an `__init__` has one text for file and function, and no first line.
    let cleanup = process.addCode(path: "__init__", function: "__init__", firstLine: 0)
    let text = process.memory.word(at: cleanup + UInt64(build.offsets.code.filename))
    process.memory.poke(try #require(text), at: cleanup + UInt64(build.offsets.code.name))
    let internalFrame = process.addFrame(code: cleanup, previous: shim)
    process.run(process.addFrame(code: code, previous: internalFrame))
    #expect(process.frames?.map(\.function) == ["f", "f"])
  }

  @Test func `tagged references are followed`() {
    var process = FakeProcess(.python314)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 7)
    let frame = process.addFrame(code: code, previous: 0)
    process.memory.poke(code | 1, at: frame + UInt64(process.build.offsets.frame.code))
    process.run(frame)
    #expect(process.frames == [PythonFrame(path: "a.py", line: 8, function: "f")])
  }

  @Test(arguments: MeasuredBuild.all, [1, 2, 3, 7])
  func `circle of frames ends`(build: MeasuredBuild, length: Int) throws {
    var process = FakeProcess(build)
    let names = ["a", "b", "c", "d", "e", "f", "g", "h", "i"]
    // Two frames lead into the circle.
    var frames: [UInt64] = []
    for name in names.prefix(length + 2).reversed() {
      let code = process.addCode(path: "x.py", function: name, firstLine: 1)
      frames.append(process.addFrame(code: code, previous: frames.last ?? 0))
    }
    let previous = UInt64(build.offsets.frame.previous)
    process.memory.poke(frames[length - 1], at: try #require(frames.first) + previous)
    process.run(try #require(frames.last))
    guard case .read(let stack) = process.read() else {
      Issue.record("not read")
      return
    }
    #expect(stack.cut == "the chain of frames is a circle")
    #expect(stack.frames.map(\.function) == Array(names.prefix(length + 2)))
  }

  @Test func `circle of interpreter frames ends`() {
    var process = FakeProcess(.python312)
    let shim = process.addFrame(code: 0, previous: 0, owner: 3)
    process.memory.poke(shim, at: shim + UInt64(process.build.offsets.frame.previous))
    process.run(shim)
    #expect(process.read() == .unreadable("the chain of frames is a circle"))
  }

  @Test func `endless stack is cut`() {
    var process = FakeProcess(.python38)
    let code = process.addCode(path: "x.py", function: "f", firstLine: 1)
    process.runEndlessly(code: code)
    guard case .read(let stack) = process.read() else {
      Issue.record("not read")
      return
    }
    #expect(stack.cut == "more than 20000 frames")
    #expect(stack.frames.count == 20_000)
  }

  @Test func `endless stack of long dictionaries is cut`() {
    var process = FakeProcess(.python38)
    let code = process.addCode(path: "x.py", function: "<module>", firstLine: 1)
    let globals = process.addGlobals(name: "x")
    // 256 entries with one key, which isn't `__name__`.
    var table = [UInt8](repeating: 0, count: 40 + 256 * 25)
    table.put(256 as UInt64, at: 8)
    table.put(256 as UInt64, at: 32)
    for index in 0..<256 {
      table.put(code, at: 40 + 256 + index * 24 + 8)
      table.put(code, at: 40 + 256 + index * 24 + 16)
    }
    guard case .keys(let keys, _) = process.build.offsets.dictionary else {
      Issue.record("3.8 has another kind of dictionary")
      return
    }
    process.memory.poke(process.add(table), at: globals + UInt64(keys))
    process.runEndlessly(code: code, globals: globals)
    process.memory.readCount = 0
    guard case .read(let stack) = process.read() else {
      Issue.record("not read")
      return
    }
    #expect(stack.cut == "too much memory to read for one stack")
    #expect(stack.frames.count > 100)
    #expect(process.memory.readCount < 200_000)
  }

  @Test func `endless stack is cut when its time is over`() {
    var process = FakeProcess(.python38)
    process.runEndlessly(code: process.addCode(path: "x.py", function: "f", firstLine: 1))
    process.memory.readCount = 0
    guard case .read(let stack) = process.read(until: .now) else {
      Issue.record("not read")
      return
    }
    #expect(stack.cut == "one stack takes too long to read")
    #expect(process.memory.readCount < 10_000)
  }

  @Test func `endless list of threads ends when its time is over`() {
    var process = FakeProcess(.python38)
    process.addThread(
      at: FakeProcess.thread, pthread: FakeProcess.pthread + 8, number: 1, frame: 0,
      next: FakeProcess.thread)
    process.memory.readCount = 0
    guard case .unreadable(let reason) = process.read(until: .now) else {
      Issue.record("read")
      return
    }
    #expect(reason == "one stack takes too long to read")
    #expect(process.memory.readCount < 10_000)
  }

  @Test func `usual stack is read even if the tracer has been late`() {
    var process = FakeProcess(.python38)
    let code = process.addCode(path: "x.py", function: "f", firstLine: 1)
    process.run(process.addFrame(code: code, previous: 0))
    guard case .read(let stack) = process.read(until: .now - .seconds(1)) else {
      Issue.record("not read")
      return
    }
    #expect(stack.cut == nil)
    #expect(stack.frames.map(\.function) == ["f"])
  }

  @Test func `endless stack of long line tables is cut`() {
    var process = FakeProcess(.python38)
    let table = [UInt8](repeating: 0, count: 1 << 20)
    let code = process.addCode(path: "x.py", function: "f", firstLine: 1, table: table)
    process.runEndlessly(code: code)
    guard case .read(let stack) = process.read() else {
      Issue.record("not read")
      return
    }
    #expect(stack.cut == "too many line tables for one stack")
    #expect(stack.frames.count == 64)
  }

  @Test(arguments: MeasuredBuild.all)
  func `unreadable memory cuts the stack`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    let inner = process.addFrame(code: code, previous: 0xdead_0000)
    process.run(inner)
    guard case .read(let stack) = process.read() else {
      Issue.record("not read")
      return
    }
    #expect(stack.frames.count == 1)
    #expect(stack.cut == "frame 2 can't be read")

    process.run(process.addFrame(code: 0xdead_0000, previous: 0))
    #expect(process.read() == .unreadable("the code of frame 1 can't be read"))
    process.run(0xdead_0000)
    #expect(process.read() == .unreadable("frame 1 can't be read"))
    process.memory.poke(0xdead_0000, at: FakeProcess.head)
    #expect(process.read() == .unreadable("the list of Python's threads can't be read"))
    process.memory.regions = []
    #expect(process.read() == .unreadable("the list of Python's interpreters can't be read"))
  }

  @Test(arguments: MeasuredBuild.all)
  func `missing line table leaves the frame`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    process.memory.poke(0xdead_0000, at: code + UInt64(build.offsets.code.lineTable))
    process.run(process.addFrame(code: code, previous: 0))
    #expect(process.frames == [PythonFrame(path: "a.py", line: nil, function: "f")])
  }

  @Test(arguments: MeasuredBuild.all)
  func `kept code is not believed for its address`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    process.run(process.addFrame(code: code, previous: 0))
    var reader = StackReader()
    let before = reader.read(
      .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
    // Another object with another name replaces it at its address.
    process.memory.poke(
      process.addText("g"), at: code + UInt64(build.offsets.code.name))
    let after = reader.read(
      .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
    #expect(before.functions == ["f"])
    #expect(after.functions == ["g"])
  }

  /// A program that compiles a file again and again gets code objects of the same shape at the same
  /// addresses, with other names and lines. From 3.11 on each code object has a unique number.
  @Test(arguments: MeasuredBuild.all.filter { $0.offsets.code.bytecode == nil })
  func `kept code is not believed for its pointers`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    let code = process.addCode(
      path: "folder/a.py", function: "function", firstLine: 1, table: [10, 1, 0, 0, 0, 0, 0, 0])
    process.run(process.addFrame(code: code, previous: 0))
    var reader = StackReader()
    func frame() -> PythonFrame? {
      let reading = reader.read(
        .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
      guard case .read(let stack) = reading else { return nil }
      return stack.frames.first
    }
    _ = frame()
    let fields = build.offsets.code
    func content(_ field: Int, _ header: Int) -> UInt64 {
      let object: UInt64 = process.memory.integer(at: code + UInt64(field)) ?? 0
      return object + UInt64(header)
    }
    let textHeader = build.offsets.text?.asciiSize ?? build.offsets.bytes.data
    // "function" and "folder/a", each with another letter.
    process.memory.poke(0x6e6f_6974_636e_7567, at: content(fields.name, textHeader))
    #expect(frame()?.function == "gunction")
    process.memory.poke(0x612f_7265_646c_6f67, at: content(fields.filename, textHeader))
    #expect(frame()?.path == "golder/a.py")
    let before = frame()?.line
    process.memory.poke(
      0x0505_0505_0505_0505, at: content(fields.lineTable, build.offsets.bytes.data))
    #expect(frame()?.line != before)
  }

  /// If a frame has a trace function, Python reports the line that was last passed to it.
  @Test(arguments: MeasuredBuild.all.filter { $0.offsets.frame.trace != nil })
  func `traced frame has the line passed to its trace function`(build: MeasuredBuild) throws {
    var process = FakeProcess(build)
    let code = process.addCode(path: "a.py", function: "f", firstLine: 1)
    let frame = process.addFrame(code: code, previous: 0)
    let trace = try #require(build.offsets.frame.trace)
    let line = try #require(build.offsets.frame.tracedLine)
    process.run(frame)
    process.memory.poke(77, at: frame + UInt64(line))
    #expect(process.frames?.map(\.line) == [2])
    process.memory.poke(1, at: frame + UInt64(trace))
    #expect(process.frames?.map(\.line) == [77])
    // A number that isn't a line of any file.
    process.memory.poke(UInt64(UInt32(bitPattern: -5)), at: frame + UInt64(line))
    #expect(process.frames?.map(\.line) == [2])
  }

  @Test(arguments: ["<string>", "a.py", "<frozen importlib._bootstrap>"])
  func `text compiled at run time is not kept`(path: String) {
    var process = FakeProcess(.python312)
    let code = process.addCode(path: path, function: "f", firstLine: 1)
    process.run(process.addFrame(code: code, previous: 0))
    var reader = StackReader()
    _ = reader.read(
      .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
    let cold = process.memory.readCount
    _ = reader.read(
      .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
    let warm = process.memory.readCount - cold
    #expect((warm < cold) == (path != "<string>"))
  }

  @Test func `kept code has a limit in bytes`() {
    let table = [UInt8](repeating: 0, count: 1 << 20)
    var reader = StackReader()
    /// The number of reads for a process with one frame; `number` selects the address of its code.
    func readCount(_ number: Int) -> Int {
      var process = FakeProcess(.python38)
      for _ in 0..<number { _ = process.add([0]) }
      let code = process.addCode(path: "a.py", function: "f", firstLine: 1, table: table)
      process.run(process.addFrame(code: code, previous: 0, position: 0))
      _ = reader.read(
        .threadPointer(FakeProcess.pthread), in: process.interpreter, memory: &process.memory)
      return process.memory.readCount
    }
    let cold = readCount(0)
    #expect(readCount(0) < cold)
    for number in 1...64 { _ = readCount(number) }
    #expect(readCount(0) == cold)
  }

  @Test(arguments: MeasuredBuild.all)
  func `damaged memory does no harm`(build: MeasuredBuild) {
    var random = SeededGenerator(state: 4)
    var process = FakeProcess(build)
    let globals = process.addGlobals(name: "__main__")
    let module = process.addCode(path: "/srv/\u{4e2d}.py", function: "<module>", firstLine: 1)
    let outer = process.addFrame(code: module, previous: 0, globals: globals)
    process.run(process.addFrame(code: module, previous: outer, globals: globals))
    let intact = process
    var reader = StackReader()
    let addresses = intact.memory.regions.map(\.address)
    for _ in 0..<2000 {
      process = intact
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<process.memory.regions.count, using: &random)
        let size = process.memory.regions[index].bytes.count / 8
        guard size > 0 else { continue }
        let word = Int.random(in: 0..<size, using: &random)
        let value: UInt64 =
          switch Int.random(in: 0..<4, using: &random) {
          case 0: addresses.randomElement(using: &random) ?? 0
          case 1: .random(in: 0...16, using: &random)
          case 2: .max &- .random(in: 0...16, using: &random)
          default: .random(in: 0 ... .max, using: &random)
          }
        process.memory.regions[index].bytes.put(value, at: 8 * word)
      }
      for key in [
        ThreadKey.threadPointer(FakeProcess.pthread), .threadID(7, isOnlyThread: true),
        .threadID(-1, isOnlyThread: false),
      ] {
        process.memory.readCount = 0
        _ = reader.read(key, in: process.interpreter, memory: &process.memory)
        #expect(process.memory.readCount < 400_000)
      }
    }
  }
}

extension FakeProcess {
  /// Runs more frames than are read, all of one code object. They are in one large piece of memory,
  /// and each points to the next.
  mutating func runEndlessly(code: UInt64, globals: UInt64 = 0) {
    let size = 256
    let count = 20_010
    var bytes = [UInt8](repeating: 0, count: size * count)
    let base: UInt64 = 0x4000_0000
    let offsets = build.offsets.frame
    for index in 0..<count {
      bytes.put(base + UInt64((index + 1) * size), at: index * size + offsets.previous)
      bytes.put(code, at: index * size + offsets.code)
      bytes.put(globals, at: index * size + offsets.globals)
    }
    memory.put(bytes, at: base)
    run(base)
  }

  /// The frames of the first thread; nil if not all of them can be read.
  var frames: [PythonFrame]? {
    mutating get {
      guard case .read(let stack) = read(), stack.cut == nil else { return nil }
      return stack.frames
    }
  }
}

extension StackReading {
  var functions: [String] {
    guard case .read(let stack) = self else { return [] }
    return stack.frames.map(\.function)
  }
}
