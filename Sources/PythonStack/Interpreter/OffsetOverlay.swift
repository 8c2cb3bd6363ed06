/// The offsets with which a process describes itself, as they replace measured ones.
///
/// The process doesn't describe globals, a dictionary's keys and the bits of a text's state.
struct OffsetOverlay {
  let debugOffsets: DebugOffsets
  let layout: DebugOffsetsLayout

  /// The measured offsets, replaced by those that the process describes; nil if one of them is
  /// impossible.
  func replacing(_ measured: StructureOffsets) -> StructureOffsets? {
    var result = measured
    return replaceThreadsAndFrames(in: &result) && replaceObjects(in: &result) ? result : nil
  }

  /// The offset at a position. A field is read as part of a record, so it has to end within one.
  private func field(_ position: Int?) -> Int? {
    position.flatMap { debugOffsets.value($0, limit: UInt64(RemoteRecord.capacity - 8)) }
  }

  /// The offset at a position, of a field that is read alone.
  private func far(_ position: Int) -> Int? {
    debugOffsets.value(position, limit: 1 << 24)
  }

  private func replaceThreadsAndFrames(in result: inout StructureOffsets) -> Bool {
    guard
      let runtimeInterpreters = far(layout.runtimeInterpreters),
      let interpreterNext = far(layout.interpreterNext),
      let interpreterThreads = far(layout.interpreterThreads),
      let threadNext = field(layout.threadNext),
      let threadIdentifier = field(layout.threadIdentifier),
      let threadNativeIdentifier = field(layout.threadNativeIdentifier),
      let threadTopFrame = field(layout.threadTopFrame),
      let framePrevious = field(layout.framePrevious),
      let frameCode = field(layout.frameCode),
      let framePosition = field(layout.framePosition),
      let frameOwner = field(layout.frameOwner)
    else { return false }
    result.runtimeInterpreters = runtimeInterpreters
    result.interpreter = StructureOffsets.Interpreter(
      next: interpreterNext, threads: interpreterThreads)
    result.thread = StructureOffsets.Thread(
      next: threadNext, identifier: threadIdentifier, nativeIdentifier: threadNativeIdentifier,
      topFrame: .direct(threadTopFrame))
    result.frame.previous = framePrevious
    result.frame.globals += frameCode - result.frame.code
    result.frame.code = frameCode
    result.frame.position = .pointer(framePosition)
    result.frame.owner = frameOwner
    if result.frame.bytecodeIndex != nil {
      guard let index = field(layout.frameBytecodeIndex) else { return false }
      result.frame.bytecodeIndex = index
    }
    return true
  }

  private func replaceObjects(in result: inout StructureOffsets) -> Bool {
    guard
      let codeFilename = field(layout.codeFilename), let codeName = field(layout.codeName),
      let codeQualifiedName = field(layout.codeQualifiedName),
      let codeFirstLine = field(layout.codeFirstLine),
      let codeLineTable = field(layout.codeLineTable),
      let codeBytecode = field(layout.codeBytecode),
      let bytesSize = field(layout.bytesSize), let bytesData = field(layout.bytesData),
      let textLength = field(layout.textLength), let textState = field(layout.textState),
      let textASCIISize = field(layout.textASCIISize),
      let dictionaryKeys = field(layout.dictionaryKeys),
      let dictionaryValues = field(layout.dictionaryValues)
    else { return false }
    result.code.filename = codeFilename
    result.code.name = codeName
    result.code.qualifiedName = codeQualifiedName
    result.code.firstLine = codeFirstLine
    result.code.lineTable = codeLineTable
    result.code.bytecode = codeBytecode
    if result.code.threadBytecodes != nil {
      guard let copies = field(layout.codeThreadBytecodes) else { return false }
      result.code.threadBytecodes = copies
    }
    result.bytes = StructureOffsets.Bytes(size: bytesSize, data: bytesData)
    if let text = result.text {
      result.text?.length = textLength
      result.text?.state = textState
      result.text?.asciiSize = textASCIISize
      result.text?.compactSize = textASCIISize + text.compactSize - text.asciiSize
    }
    result.dictionary = .keys(dictionaryKeys, values: dictionaryValues)
    return true
  }
}
