package import ELFImage
package import TraceModel

/// Reads the Python stacks of a process whose threads are stopped.
///
/// It keeps the code objects that it has decoded. One reader is for one program image: drop it, or
/// call ``forget()``, when the process executes another program. No kept code object is believed for its
/// address alone: all its fixed bytes are compared each time, so that an object that has come to its
/// place, in this process or in a copy's, is decoded anew.
package struct StackReader: Sendable {
  /// The most frames of a stack.
  private static let frameLimit = 20_000
  /// The most code objects that are kept: what a large program has in its stacks.
  private static let codeLimit = 16_384
  /// The most bytes of their tables and names: a hostile process's could be a megabyte each.
  private static let codeBytesLimit = 64 << 20
  /// The most bytes of line tables that are gone through for one stack.
  private static let lineTableLimit = 64 << 20

  /// The most frames of a stack whose code objects are fetched at once.
  private static let lookAheadLimit = 512

  /// The most frames of which it is kept what was told.
  private static let toldLimit = 4096

  private var codes: [UInt64: CodeObject] = [:]
  private var codeBytes = 0
  /// What was told of the frames at these addresses: a loop that starts processes has the same ones each
  /// time, and so has a fork's child.
  private var told: [UInt64: Told] = [:]
  /// Where the frames of the last stack are, in its order.
  private var lastFrames: [UInt64] = []
  /// Whether what is told of frames is kept: of thousands of a fork's children none is asked often.
  private var keepsTold = true
  /// The newest interpreter, as seen when a thread held the GIL: see ``PythonInterpreter/Root``.
  private var lastInterpreter: UInt64?

  /// A frame, and all that its description was made of but the name of its module.
  private struct Told {
    var frame: FrameReader.Frame
    var code: CodeObject
    var description: PythonFrame
  }

  package init() {}

  /// The reader of a fork's child, which has the same objects at the same addresses.
  package func forked() -> StackReader {
    var reader = self
    reader.keepsTold = false
    return reader
  }

  /// Keeps the program's text at the frames of the last stack: the next one has it where nothing has
  /// moved.
  package mutating func keep(sourcesOf frames: [PythonFrame]) {
    guard keepsTold else { return }
    for (address, frame) in zip(lastFrames, frames) where frame.source != nil {
      told[address]?.description.source = frame.source
    }
  }

  /// Forgets all that was learned of the process: it runs another program.
  package mutating func forget() {
    codes = [:]
    codeBytes = 0
    told = [:]
    lastFrames = []
    lastInterpreter = nil
  }

  /// Reads the Python stack of a stopped thread.
  ///
  /// A thread in which Python doesn't run has a stack without frames. Where memory can't be read, or
  /// contradicts itself, the stack ends with the last frame that was read, and says why.
  package mutating func read(
    _ thread: ThreadKey, in interpreter: PythonInterpreter, memory: inout some MemoryReader
  ) -> StackReading {
    readWithEvaluations(thread, in: interpreter, memory: &memory).reading
  }

  /// Reads the Python stack of a stopped thread, and where in it the native calls of the interpreter
  /// begin.
  package mutating func readWithEvaluations(
    _ thread: ThreadKey, in interpreter: PythonInterpreter, memory: inout some MemoryReader
  ) -> (reading: StackReading, evaluations: [PythonEvaluation]) {
    var bounded = BoundedMemory(memory)
    defer { memory = bounded.base }
    lastFrames.removeAll(keepingCapacity: true)
    let newest: UInt64
    switch newestInterpreter(of: interpreter, in: &bounded) {
    case .success(let address): newest = address
    case .failure(let problem): return (.unreadable(problem.reason), [])
    }
    var search = ThreadSearch(for: thread, offsets: interpreter.offsets)
    switch search.run(from: newest, in: &bounded) {
    case .failure(let reason):
      return (.unreadable(reason), [])
    case .noFrames:
      return (.read(PythonCallStack(version: interpreter.version, frames: [])), [])
    case .frame(let frame):
      var finder = EvaluationFinder(from: frame, in: interpreter, memory: &bounded)
      var stack = walk(from: frame.address, in: interpreter, &finder, &bounded)
      if stack.cut != nil, bounded.isUsedUp { stack.cut = "more memory than a stack has" }
      if stack.frames.isEmpty, let reason = stack.cut {
        return (.unreadable(reason), [])
      }
      return (.read(stack), finder.evaluations)
    }
  }

  private struct Problem: Error {
    var reason: String
  }

  private mutating func newestInterpreter(
    of interpreter: PythonInterpreter, in memory: inout some MemoryReader
  ) -> Result<UInt64, Problem> {
    switch interpreter.root {
    case .interpreters(let address):
      guard let newest: UInt64 = memory.integer(at: address) else {
        return .failure(Problem(reason: "the list of Python's interpreters can't be read"))
      }
      return .success(newest)
    case .currentThreadState(let address, let variables):
      guard let thread: UInt64 = memory.integer(at: address) else {
        return .failure(Problem(reason: "Python's current thread can't be read"))
      }
      // `interp` stands behind `next` in all versions that need this (CPython 2.7 and 3.6,
      // Include/pystate.h).
      if thread != 0,
        let newest: UInt64 = memory.integer(
          at: thread &+ UInt64(interpreter.offsets.thread.next) &+ 8)
      {
        lastInterpreter = newest
      }
      if lastInterpreter == nil {
        lastInterpreter = InterpreterSearch.newestInterpreter(
          among: variables, interpreter.offsets, in: &memory)
      }
      guard let lastInterpreter else {
        return .failure(
          Problem(reason: "no thread holds Python's lock, and its symbols are stripped"))
      }
      return .success(lastInterpreter)
    }
  }

  private mutating func walk(
    from top: UInt64, in interpreter: PythonInterpreter, _ finder: inout EvaluationFinder,
    _ memory: inout some MemoryReader
  ) -> PythonCallStack {
    var stack = PythonCallStack(version: interpreter.version, frames: [])
    stack.frames.reserveCapacity(32)
    let reader = FrameReader(interpreter)
    lookAhead(from: top, reader, interpreter.offsets, &memory)
    var chain = FrameChain(from: top, limit: Self.frameLimit)
    var lineTableBytes = 0
    var seen: Set<UInt64> = []
    while let address = chain.next {
      guard let frame = reader.read(at: address, in: &memory) else {
        stack.cut = "frame \(stack.frames.count + 1) can't be read"
        break
      }
      finder.arrive(at: address, frame, frameCount: stack.frames.count, memory: &memory)
      if frame.code != 0 {
        guard let code = code(at: frame.code, in: interpreter, &seen, &memory) else {
          stack.cut = "the code of frame \(stack.frames.count + 1) can't be read"
          break
        }
        lineTableBytes += code.lines?.bytes.count ?? 0
        guard lineTableBytes <= Self.lineTableLimit else {
          stack.cut = "more line tables than a stack has"
          break
        }
        if !code.isInternal {
          stack.frames.append(describe(frame, at: address, code, reader, &memory))
          lastFrames.append(address)
        }
      }
      if let problem = chain.advance(to: frame.previous, frames: &stack.frames) {
        stack.cut = problem
        break
      }
    }
    finder.end(frameCount: stack.frames.count, isWhole: stack.cut == nil)
    return stack
  }

  private mutating func describe(
    _ frame: FrameReader.Frame, at address: UInt64, _ code: CodeObject, _ reader: FrameReader,
    _ memory: inout some MemoryReader
  ) -> PythonFrame {
    if let told = told[address], told.frame == frame, told.code === code { return told.description }
    let description = reader.describe(frame, code, in: &memory)
    guard keepsTold else { return description }
    if told.count >= Self.toldLimit { told.removeAll(keepingCapacity: true) }
    told[address] = Told(frame: frame, code: code, description: description)
    return description
  }

  /// Has the memory fetch at once what the frames and their unknown code objects point to, which lies
  /// scattered over the heap. What it meets is believed by nobody: the walk reads it again.
  private func lookAhead(
    from top: UInt64, _ reader: FrameReader, _ offsets: StructureOffsets,
    _ memory: inout some MemoryReader
  ) {
    var addresses: [UInt64] = []
    var next = top
    // Counted, because a broken chain may be a circle.
    for _ in 0..<Self.lookAheadLimit where next != 0 {
      guard let frame = reader.read(at: next, in: &memory) else { break }
      if frame.code != 0 { addresses.append(frame.code) }
      next = frame.previous
    }
    memory.prepare(toReadAt: addresses)
    var texts: [UInt64] = []
    for address in Set(addresses) where codes[address] == nil {
      guard let head = CodeHead(at: address, offsets.code, in: &memory) else { continue }
      let fields = [offsets.code.filename, offsets.code.name, offsets.code.lineTable]
      texts += (fields + [offsets.code.qualifiedName].compactMap(\.self)).compactMap {
        head.record.word($0)
      }
    }
    memory.prepare(toReadAt: texts)
  }

  /// The code object at `address`, from what is kept or decoded.
  ///
  /// - Parameter seen: The addresses of the kept ones that this stack has met: no need to look twice.
  private mutating func code(
    at address: UInt64, in interpreter: PythonInterpreter, _ seen: inout Set<UInt64>,
    _ memory: inout some MemoryReader
  ) -> CodeObject? {
    let offsets = interpreter.offsets
    guard let head = CodeHead(at: address, offsets.code, in: &memory) else { return nil }
    // The reference count stands before the size of bytes and before the type.
    if let known = codes[address], known.head.isSame(as: head, from: offsets.bytes.size),
      // From 3.11 on each code object has a number of its own among these bytes (`co_version`).
      offsets.code.bytecode != nil || seen.contains(address)
        || known.isUnchanged(offsets, in: &memory)
    {
      seen.insert(address)
      return known
    }
    guard let code = CodeObject.decode(head, for: interpreter, in: &memory) else { return nil }
    if code.isLasting {
      if codes.count >= Self.codeLimit || codeBytes >= Self.codeBytesLimit {
        codes.removeAll(keepingCapacity: true)
        codeBytes = 0
      }
      codes[address] = code
      codeBytes += code.size
    }
    return code
  }
}
