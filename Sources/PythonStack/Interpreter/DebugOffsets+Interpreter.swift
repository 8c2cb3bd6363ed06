import ELFImage
import TraceModel

extension DebugOffsets {
  /// The interpreter that the process describes, if its version was measured or passes the trial.
  func interpreter(
    runtime: UInt64, in memory: inout some MemoryReader
  ) -> PythonInterpreter.Location {
    let name = isFreeThreaded ? "free-threaded CPython" : "CPython"
    let isKnown = DebugOffsetsLayout.measured(major: version.major, minor: version.minor) != nil
    let unsupported = PythonInterpreter.Location.unsupported(
      "no offsets for \(isKnown && !isRelease ? "a pre-release of " : "")\(name) "
        + "\(version.major).\(version.minor)")
    // A version newer than the newest that was measured is tried with the newest layout.
    let newest = DebugOffsetsLayout.newestMinor
    guard version.major == 3, version.minor <= newest + Self.plausibleLead, isPossible else {
      return unsupported
    }
    if isKnown && isRelease {
      return described(as: version.minor, runtime: runtime) ?? unsupported
    }
    return tried(as: min(version.minor, newest), runtime: runtime, in: &memory)
      .map { .found($0) } ?? unsupported
  }

  /// The interpreter that the process describes, read with the layout and the table of a minor
  /// version; nil if it doesn't pass the trial.
  func tried(
    as minor: Int, runtime: UInt64, in memory: inout some MemoryReader
  ) -> PythonInterpreter? {
    guard let layout = DebugOffsetsLayout.measured(major: 3, minor: minor),
      case .found(let interpreter) = described(as: minor, runtime: runtime),
      OffsetTrial(debugOffsets: self, layout: layout).passes(interpreter, in: &memory)
    else { return nil }
    return interpreter
  }

  /// How much newer than the newest measured minor version a version may be: one comes each year.
  private static let plausibleLead = 20

  /// Whether it is a final release. The low byte of `PY_VERSION_HEX` is the level (0xa, 0xb, 0xc or
  /// 0xf for a final release) and a serial number.
  private var isRelease: Bool {
    number & 0xf0 == 0xf0
  }

  private var isPossible: Bool {
    number <= UInt32.max && [0xa0, 0xb0, 0xc0, 0xf0].contains(number & 0xf0)
  }

  /// The interpreter that the process describes; nil if there is no table for the minor version.
  private func described(as minor: Int, runtime: UInt64) -> PythonInterpreter.Location? {
    let variant: StructureOffsets.Variant = isFreeThreaded ? .freeThreaded : .ordinary
    guard
      let layout = DebugOffsetsLayout.measured(major: 3, minor: minor),
      let measured = StructureOffsets.measured(major: 3, minor: minor, variant: variant)
    else { return nil }
    guard let offsets = measured.overlaid(by: self, layout), let head = offsets.runtimeInterpreters
    else {
      return .unsupported("CPython \(version) describes itself by impossible offsets")
    }
    return .found(
      PythonInterpreter(
        version: version, root: .interpreters(at: runtime &+ UInt64(head)), offsets: offsets))
  }
}

extension StructureOffsets {
  /// These offsets, replaced by those that the process describes; nil if one of them is impossible.
  ///
  /// The process doesn't describe globals, a dictionary's keys and the bits of a text's state.
  fileprivate func overlaid(
    by debugOffsets: DebugOffsets, _ layout: DebugOffsetsLayout
  ) -> StructureOffsets? {
    var result = self
    // A field is read as part of a record, so it has to end within the record.
    func field(_ position: Int?) -> Int? {
      position.flatMap { debugOffsets.value($0, limit: UInt64(RemoteRecord.capacity - 8)) }
    }
    func far(_ position: Int) -> Int? {
      debugOffsets.value(position, limit: 1 << 24)
    }
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
    else { return nil }
    result.runtimeInterpreters = runtimeInterpreters
    result.interpreter = Interpreter(next: interpreterNext, threads: interpreterThreads)
    result.thread = Thread(
      next: threadNext, identifier: threadIdentifier, nativeIdentifier: threadNativeIdentifier,
      topFrame: .direct(threadTopFrame))
    result.frame.previous = framePrevious
    result.frame.globals += frameCode - result.frame.code
    result.frame.code = frameCode
    result.frame.position = .pointer(framePosition)
    result.frame.owner = frameOwner
    if frame.bytecodeIndex != nil {
      guard let index = field(layout.frameBytecodeIndex) else { return nil }
      result.frame.bytecodeIndex = index
    }
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
    else { return nil }
    result.code.filename = codeFilename
    result.code.name = codeName
    result.code.qualifiedName = codeQualifiedName
    result.code.firstLine = codeFirstLine
    result.code.lineTable = codeLineTable
    result.code.bytecode = codeBytecode
    if code.threadBytecodes != nil {
      guard let copies = field(layout.codeThreadBytecodes) else { return nil }
      result.code.threadBytecodes = copies
    }
    result.bytes = Bytes(size: bytesSize, data: bytesData)
    if let text {
      result.text?.length = textLength
      result.text?.state = textState
      result.text?.asciiSize = textASCIISize
      result.text?.compactSize = textASCIISize + text.compactSize - text.asciiSize
    }
    result.dictionary = .keys(dictionaryKeys, values: dictionaryValues)
    return result
  }
}
