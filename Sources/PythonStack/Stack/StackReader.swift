package import ELFImage
package import TraceModel

/// Reads the Python stacks of a process while its threads are stopped.
///
/// A reader caches the code objects that it has decoded. It is for one program image: drop it when
/// the process executes another program. A cached code object is never trusted for its address
/// alone: all its fixed bytes are compared each time. An object that has replaced another at its
/// address, in this process or in a forked child, is decoded anew.
package struct StackReader: Sendable {
  /// How long one stack may take to read, all attempts together, beyond what a usual one needs.
  package static let patience = Duration.milliseconds(500)
  /// The most frames of a stack.
  private static let frameLimit = 20_000
  /// The most code objects that are cached: as many as a large program has in its stacks.
  private static let codeLimit = 16_384
  /// The most bytes of their tables and names, which could be a megabyte each in a hostile process.
  private static let codeBytesLimit = 64 << 20
  /// The most bytes of line tables that are searched for one stack.
  private static let lineTableLimit = 64 << 20
  /// The most code objects of a stack that are fetched at once.
  private static let prefetchLimit = 512
  /// The most descriptions of frames that are cached.
  private static let descriptionLimit = 4096

  private var codes: [UInt64: CodeObject] = [:]
  private var codeBytes = 0
  /// Descriptions by the address of the frame: a loop that starts processes has the same frames
  /// each time, and so has a forked child.
  private var descriptions: [UInt64: CachedDescription] = [:]
  /// The addresses of the frames of the last stack, in its order.
  private(set) var lastFrames: [UInt64] = []
  /// Whether descriptions are cached. Off in forked children, which are many and rarely read twice.
  private var cachesDescriptions = true
  /// The newest interpreter, as seen when a thread held the GIL: see ``PythonInterpreter/Root``.
  private var lastInterpreter: UInt64?

  /// A description of a frame, with all that it was made from except the name of the module.
  private struct CachedDescription {
    var frame: FrameReader.Frame
    var code: CodeObject
    var description: PythonFrame
  }

  package init() {}

  /// The reader for a forked child, which has the same objects at the same addresses.
  package func forked() -> StackReader {
    var reader = self
    reader.cachesDescriptions = false
    return reader
  }

  /// Keeps the source lines at the frames of the last stack. The next stack has them, too, at frames
  /// that haven't moved.
  package mutating func keep(sourcesOf frames: [PythonFrame]) {
    guard cachesDescriptions else { return }
    for (address, frame) in zip(lastFrames, frames) where frame.source != nil {
      descriptions[address]?.description.source = frame.source
    }
  }

  /// Reads the Python stack of a stopped thread.
  ///
  /// A thread that doesn't run Python has a stack without frames. If memory can't be read or
  /// contradicts itself, the stack ends with the last frame that was read, and says why.
  package mutating func read(
    _ thread: ThreadKey, in interpreter: PythonInterpreter, memory: inout some MemoryReader
  ) -> StackReading {
    readWithEvaluations(thread, in: interpreter, memory: &memory).reading
  }

  /// Reads the Python stack of a stopped thread, and finds the frames in it at which native calls
  /// of the interpreter begin.
  ///
  /// - Parameters:
  ///   - limit: The most frames that are read.
  ///   - end: When the stack ends with what was read until then.
  package mutating func readWithEvaluations(
    _ thread: ThreadKey, in interpreter: PythonInterpreter, limit: Int = .max,
    until end: SuspendingClock.Instant = .now + Self.patience, memory: inout some MemoryReader
  ) -> (reading: StackReading, evaluations: [PythonEvaluation]) {
    var bounded = BoundedMemory(memory, until: end)
    defer { memory = bounded.base }
    lastFrames.removeAll(keepingCapacity: true)
    let newest: UInt64
    switch newestInterpreter(of: interpreter, in: &bounded) {
    case .success(let address): newest = address
    case .failure(let problem): return (.unreadable(bounded.refusal ?? problem.reason), [])
    }
    var search = ThreadSearch(for: thread, offsets: interpreter.offsets)
    switch search.run(from: newest, in: &bounded) {
    case .failure(let reason):
      return (.unreadable(bounded.refusal ?? reason), [])
    case .noFrames:
      return (.read(PythonCallStack(version: interpreter.version, frames: [])), [])
    case .frame(let frame):
      var finder = EvaluationFinder(from: frame, in: interpreter, memory: &bounded)
      var stack = walk(from: frame.address, in: interpreter, limit, &finder, &bounded)
      if stack.cut != nil, let refusal = bounded.refusal { stack.cut = refusal }
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
      // `interp` is the field behind `next` in all versions that need this (CPython 2.7 and 3.6,
      // Include/pystate.h).
      if thread != 0,
        let newest: UInt64 = memory.integer(
          at: thread &+ UInt64(interpreter.offsets.thread.next) &+ 8)
      {
        lastInterpreter = newest
      }
      if lastInterpreter == nil {
        lastInterpreter = StaticVariableSearch.newestInterpreter(
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
    from top: UInt64, in interpreter: PythonInterpreter, _ limit: Int,
    _ finder: inout EvaluationFinder, _ memory: inout some MemoryReader
  ) -> PythonCallStack {
    var stack = PythonCallStack(version: interpreter.version, frames: [])
    stack.frames.reserveCapacity(32)
    let reader = FrameReader(interpreter)
    if limit > 1 { prefetch(from: top, reader, interpreter.offsets, &memory) }
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
          stack.cut = "too many line tables for one stack"
          break
        }
        if !code.isInternal {
          stack.frames.append(describe(frame, at: address, code, reader, &memory))
          lastFrames.append(address)
        }
      }
      if stack.frames.count >= limit { break }
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
    if let known = descriptions[address], known.frame == frame, known.code === code {
      return known.description
    }
    let description = reader.describe(frame, code, in: &memory)
    guard cachesDescriptions else { return description }
    if descriptions.count >= Self.descriptionLimit {
      descriptions.removeAll(keepingCapacity: true)
    }
    descriptions[address] = CachedDescription(frame: frame, code: code, description: description)
    return description
  }

  /// Makes the memory fetch at once what the frames and their unknown code objects point to, which
  /// is scattered over the heap. Nothing found here is used: the walk reads everything again.
  private func prefetch(
    from top: UInt64, _ reader: FrameReader, _ offsets: StructureOffsets,
    _ memory: inout some MemoryReader
  ) {
    var addresses: [UInt64] = []
    var next = top
    // The count is limited because a broken chain may be a circle.
    for _ in 0..<Self.prefetchLimit where next != 0 {
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

  /// The code object at `address`, from the cache or decoded.
  ///
  /// - Parameter seen: The addresses of cached objects that this stack contains: each is checked
  ///   once.
  private mutating func code(
    at address: UInt64, in interpreter: PythonInterpreter, _ seen: inout Set<UInt64>,
    _ memory: inout some MemoryReader
  ) -> CodeObject? {
    let offsets = interpreter.offsets
    guard let head = CodeHead(at: address, offsets.code, in: &memory) else { return nil }
    // The comparison begins behind the reference count, which changes.
    if let known = codes[address], known.head.isSame(as: head, from: offsets.bytes.size),
      // From 3.11 on these bytes contain a number that is unique to the code object (`co_version`).
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
