import ELFImage
import TraceModel

/// The trial of an interpreter that no table describes: one newer than the tables, or a
/// pre-release.
///
/// Such an interpreter describes its offsets in the layout of the newest table or in another one,
/// and nothing in the description says which. The offsets are used if they don't contradict each
/// other and lead from the list of interpreters to a frame with names and a line. The trial costs
/// some dozen reads, once for each program image.
struct OffsetTrial {
  private static let interpreterLimit = 4
  private static let threadLimit = 16
  private static let frameLimit = 64

  let debugOffsets: DebugOffsets
  let layout: DebugOffsetsLayout

  /// Whether the offsets may be used for `interpreter`, which was made from them.
  func passes(
    _ interpreter: PythonInterpreter, in memory: inout some MemoryReader
  ) -> Bool {
    guard areSensible(interpreter.offsets), case .interpreters(let head) = interpreter.root,
      let back = debugOffsets.value(layout.threadInterpreter, limit: 4096)
    else { return false }
    return leadsToFrame(from: head, back: back, interpreter, &memory)
  }

  // MARK: The numbers

  private func areSensible(_ offsets: StructureOffsets) -> Bool {
    guard
      let runtime = size(layout.runtimeSize, 1 << 26),
      let interpreter = size(layout.interpreterSize, 1 << 24),
      let thread = size(layout.threadSize, 1 << 16), let frame = size(layout.frameSize, 1 << 10),
      let code = size(layout.codeSize, 1 << 12), let bytes = size(layout.bytesObjectSize, 1 << 8),
      let textSize = size(layout.textSize, 1 << 8),
      let dictionary = size(layout.dictionarySize, 1 << 10),
      let head = offsets.runtimeInterpreters, let text = offsets.text,
      let back = debugOffsets.value(layout.threadInterpreter, limit: 4096),
      let native = offsets.thread.nativeIdentifier, let owner = offsets.frame.owner,
      let qualifiedName = offsets.code.qualifiedName, let bytecode = offsets.code.bytecode,
      case .direct(let top) = offsets.thread.topFrame,
      case .pointer(let position) = offsets.frame.position,
      case .keys(let keys, let values) = offsets.dictionary
    else { return false }
    let fields = offsets.code
    // The fields must be in the order that they have in all versions. `_Py_DebugOffsets` is at the
    // beginning of the runtime's state; the bytecode is at the end of the code object.
    return head >= layout.size && fit([head], in: runtime)
      && fit([offsets.interpreter.next, offsets.interpreter.threads], in: interpreter)
      && fit([offsets.thread.next, back], in: thread)
      && fit([offsets.thread.identifier, native], in: thread) && top > back
      && fit([top, offsets.thread.identifier].sorted(), in: thread)
      && fit([offsets.frame.code, offsets.frame.previous, position], in: frame) && owner < frame
      && fit([fields.filename, fields.name, qualifiedName, fields.lineTable], in: code)
      && fields.firstLine % 4 == 0 && fields.firstLine <= code - 4
      && fields.lineTable < bytecode && bytecode <= code
      && fit([offsets.bytes.size, offsets.bytes.data], in: bytes + 8)
      && fit([text.length, text.state, text.asciiSize], in: textSize + 8)
      && text.length == offsets.bytes.size && fit([keys, values], in: dictionary)
  }

  private func size(_ position: Int, _ limit: UInt64) -> Int? {
    debugOffsets.value(position, limit: limit).flatMap { $0 >= 16 ? $0 : nil }
  }

  /// Whether these are ascending offsets of pointers within `size` bytes.
  private func fit(_ offsets: [Int], in size: Int) -> Bool {
    offsets.allSatisfy { $0 % 8 == 0 && $0 <= size - 8 }
      && zip(offsets, offsets.dropFirst()).allSatisfy { $0 < $1 }
  }

  // MARK: The way to a frame

  private func leadsToFrame(
    from head: UInt64, back: Int, _ interpreter: PythonInterpreter,
    _ memory: inout some MemoryReader
  ) -> Bool {
    let offsets = interpreter.offsets
    guard case .direct(let topOffset) = offsets.thread.topFrame else { return false }
    var state: UInt64 = memory.integer(at: head) ?? 0
    for _ in 0..<Self.interpreterLimit where state != 0 {
      var thread: UInt64 = memory.integer(at: state &+ UInt64(offsets.interpreter.threads)) ?? 0
      for _ in 0..<Self.threadLimit where thread != 0 {
        guard memory.integer(at: thread &+ UInt64(back)) == state,
          let top: UInt64 = memory.integer(at: thread &+ UInt64(topOffset)),
          let next: UInt64 = memory.integer(at: thread &+ UInt64(offsets.thread.next))
        else { return false }
        if top != 0 { return isReadable(from: top, interpreter, &memory) }
        thread = next
      }
      state = memory.integer(at: state &+ UInt64(offsets.interpreter.next)) ?? 0
    }
    return false
  }

  /// Whether the first frame of the program has names and a line.
  private func isReadable(
    from top: UInt64, _ interpreter: PythonInterpreter, _ memory: inout some MemoryReader
  ) -> Bool {
    let reader = FrameReader(interpreter)
    var address = top
    for _ in 0..<Self.frameLimit where address != 0 {
      guard let frame = reader.read(at: address, in: &memory) else { return false }
      if frame.code != 0 {
        guard
          let head = CodeHead(at: frame.code, interpreter.offsets.code, in: &memory),
          let code = CodeObject.decode(head, for: interpreter, in: &memory)
        else { return false }
        if !code.isInternal {
          let shown = reader.describe(frame, code, in: &memory)
          return !shown.path.isEmpty && !shown.function.isEmpty && (shown.line ?? 0) > 0
        }
      }
      address = frame.previous
    }
    return false
  }
}
