import ELFImage
import TraceModel

/// Reads single frames of one interpreter.
struct FrameReader {
  /// The fields of a frame.
  struct Frame: Hashable {
    /// The address of the next outer frame; 0 in the outermost one.
    var previous: UInt64
    /// The address of the code object; 0 if the frame is the interpreter's own.
    var code: UInt64
    var globals: UInt64
    /// The instruction's distance from the code's beginning in bytes, or its address.
    var position: Int64
    /// Whether the frame is the interpreter's own: a local variable of its native function, which
    /// begins the frames that one call of this function executes.
    var isShim = false
    /// The number of the copy of the code that is executed: threads have their own copies.
    var bytecodeIndex: Int32 = 0
    /// The line that was last passed to the frame's trace function, if it has one.
    var tracedLine: Int32?
  }

  /// The first value of `owner` that marks a frame of the interpreter's own, which no traceback
  /// shows: `FRAME_OWNED_BY_CSTACK` in 3.12 and 3.13, `FRAME_OWNED_BY_INTERPRETER` in 3.14
  /// (CPython, Include/internal/pycore_frame.h and, from 3.14 on, pycore_interpframe_structs.h).
  private static let firstInternalOwner: UInt8 = 3

  private let offsets: StructureOffsets
  private let size: Int

  init(_ interpreter: PythonInterpreter) {
    offsets = interpreter.offsets
    let frame = offsets.frame
    let position =
      switch frame.position {
      case .index(let offset, _), .pointer(let offset): offset
      }
    // An `int` at the end of the record counts 4 bytes only: the next page may not be mapped.
    let positionSize = if case .index = frame.position { 4 } else { 8 }
    size = max(
      frame.previous + 8, frame.code + 8, frame.globals + 8, position + positionSize,
      (frame.owner ?? 0) + 1, (frame.bytecodeIndex ?? 0) + 4, (frame.trace ?? 0) + 8,
      (frame.tracedLine ?? 0) + 4)
  }

  /// Reads the frame at `address`; returns nil if it isn't readable.
  func read(at address: UInt64, in memory: inout some MemoryReader) -> Frame? {
    let fields = offsets.frame
    guard
      let record = RemoteRecord(at: address, count: size, in: &memory),
      let previous = record.word(fields.previous), let code = record.word(fields.code),
      let globals = record.word(fields.globals)
    else { return nil }
    // From 3.14 on the lowest bits of a reference are a tag (`_PyStackRef`). In an object's address
    // they are 0.
    var frame = Frame(previous: previous, code: code & ~3, globals: globals & ~3, position: 0)
    switch fields.position {
    case .index(let offset, let unit):
      guard let index: Int32 = record.integer(at: offset) else { return nil }
      frame.position = Int64(index) * Int64(unit)
    case .pointer(let offset):
      guard let pointer = record.word(offset) else { return nil }
      frame.position = Int64(bitPattern: pointer)
    }
    if let owner = fields.owner {
      guard let value: UInt8 = record.integer(at: owner) else { return nil }
      if value >= Self.firstInternalOwner {
        frame.code = 0
        frame.isShim = true
      }
    }
    if let index = fields.bytecodeIndex {
      guard let value: Int32 = record.integer(at: index) else { return nil }
      frame.bytecodeIndex = value
    }
    if let trace = fields.trace, record.word(trace) != 0 {
      frame.tracedLine = fields.tracedLine.flatMap { record.integer(at: $0) }
    }
    return frame
  }

  /// The description of a frame for reports.
  func describe(
    _ frame: Frame, _ code: CodeObject, in memory: inout some MemoryReader
  ) -> PythonFrame {
    var line: Int?
    if let traced = frame.tracedLine, traced > 0 {
      // `f_lineno` and tracebacks give this line (CPython 3.9, Objects/frameobject.c,
      // `PyFrame_GetLineNumber`), even if the instruction is already on another line.
      line = Int(traced)
    } else if let lines = code.lines, let offset = instructionOffset(of: frame, in: &memory) {
      line = lines.line(at: offset)
    }
    return PythonFrame(
      path: code.path, line: line, function: code.function, qualifiedName: code.qualifiedName,
      module: code.isModule ? offsets.moduleName(globals: frame.globals, in: &memory) : nil)
  }

  /// The instruction's distance from the beginning of the code, in bytes.
  private func instructionOffset(
    of frame: Frame, in memory: inout some MemoryReader
  ) -> Int64? {
    guard let bytecode = offsets.code.bytecode else { return frame.position }
    var start = frame.code &+ UInt64(bytecode)
    if let copies = offsets.code.threadBytecodes {
      // `_PyCodeArray`: a size, then a pointer to each copy.
      guard
        let array: UInt64 = memory.integer(at: frame.code &+ UInt64(copies)),
        let count: UInt64 = memory.integer(at: array),
        frame.bytecodeIndex >= 0, UInt64(frame.bytecodeIndex) < count,
        let copy: UInt64 = memory.integer(at: array &+ 8 &+ 8 * UInt64(frame.bytecodeIndex))
      else { return nil }
      start = copy
    }
    return frame.position &- Int64(bitPattern: start)
  }
}
