import TraceModel

@testable import PythonStack

extension MeasuredBuild {
  /// The versions that describe their own offsets.
  static let describingThemselves = all.filter { $0.version >= PythonVersion(major: 3, minor: 13) }

  /// The start of `_PyRuntime`, with which a version describes itself, and `hex` as its number; nil
  /// for versions that don't describe themselves.
  func describedOffsets(
    hex: UInt64, change: (inout [UInt8], DebugOffsetsLayout) -> Void = { _, _ in }
  ) -> [UInt8]? {
    guard
      let layout = DebugOffsetsLayout.measured(major: version.major, minor: version.minor),
      let text = offsets.text,
      case .direct(let top) = offsets.thread.topFrame,
      case .pointer(let position) = offsets.frame.position,
      case .keys(let keys, let values) = offsets.dictionary
    else { return nil }
    var bytes = Array("xdebugpy".utf8) + [UInt8](repeating: 0, count: 2048)
    bytes.put(hex, at: 8)
    bytes.put(variant == .freeThreaded ? 1 as UInt64 : 0, at: 16)
    let fields: [(Int?, Int?)] = [
      // Sizes that are about right.
      (layout.runtimeSize, 300_000), (layout.interpreterSize, 250_000), (layout.threadSize, 800),
      (layout.frameSize, 88), (layout.codeSize, 248), (layout.dictionarySize, 64),
      (layout.bytesObjectSize, offsets.bytes.data + 8), (layout.textSize, text.compactSize + 8),
      (layout.runtimeInterpreters, offsets.runtimeInterpreters),
      (layout.interpreterNext, offsets.interpreter.next),
      (layout.interpreterThreads, offsets.interpreter.threads),
      (layout.threadNext, offsets.thread.next),
      (layout.threadInterpreter, FakeProcess.threadInterpreter),
      (layout.threadIdentifier, offsets.thread.identifier),
      (layout.threadNativeIdentifier, offsets.thread.nativeIdentifier),
      (layout.threadTopFrame, top), (layout.framePrevious, offsets.frame.previous),
      (layout.frameCode, offsets.frame.code), (layout.framePosition, position),
      (layout.frameOwner, offsets.frame.owner),
      (layout.frameBytecodeIndex, offsets.frame.bytecodeIndex),
      (layout.codeFilename, offsets.code.filename), (layout.codeName, offsets.code.name),
      (layout.codeQualifiedName, offsets.code.qualifiedName),
      (layout.codeFirstLine, offsets.code.firstLine),
      (layout.codeLineTable, offsets.code.lineTable),
      (layout.codeBytecode, offsets.code.bytecode),
      (layout.codeThreadBytecodes, offsets.code.threadBytecodes),
      (layout.bytesSize, offsets.bytes.size), (layout.bytesData, offsets.bytes.data),
      (layout.textLength, text.length), (layout.textState, text.state),
      (layout.textASCIISize, text.asciiSize), (layout.dictionaryKeys, keys),
      (layout.dictionaryValues, values),
    ]
    for case (let position?, let value?) in fields {
      bytes.put(UInt64(value), at: position)
    }
    change(&bytes, layout)
    return bytes
  }
}
