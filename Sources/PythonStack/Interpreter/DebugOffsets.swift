import ELFImage
import TraceModel

/// `_Py_DebugOffsets`: what a process tells about its own structures, from 3.13 on, at the beginning
/// of `_PyRuntime`. Its own layout differs in each minor version.
struct DebugOffsets {
  /// The most bytes that are read of it; that of 3.15 has 888.
  private static let limit = 1024

  /// What is at the beginning of `_PyRuntime`.
  enum Reading {
    case present(DebugOffsets)
    /// Something else: the version is older.
    case absent
    case unreadable
  }

  private let bytes: [UInt8]
  /// `PY_VERSION_HEX`.
  private let number: UInt64
  let version: PythonVersion
  let isFreeThreaded: Bool

  /// Reads it from the beginning of `_PyRuntime`.
  static func read(at runtime: UInt64, in memory: inout some MemoryReader) -> Reading {
    guard let cookie: UInt64 = memory.integer(at: runtime) else { return .unreadable }
    // "xdebugpy"
    guard cookie == 0x7970_6775_6265_6478 else { return .absent }
    guard
      let version: UInt64 = memory.integer(at: runtime &+ 8),
      let isFreeThreaded: UInt64 = memory.integer(at: runtime &+ 16),
      let bytes = memory.bytes(at: runtime, count: limit)
    else { return .unreadable }
    return .present(
      DebugOffsets(
        bytes: bytes, number: version,
        version: PythonVersion(hex: UInt32(truncatingIfNeeded: version)),
        isFreeThreaded: isFreeThreaded != 0))
  }

  /// The interpreter that it describes, where the version is one that was measured, or passes the
  /// trial.
  func interpreter(
    runtime: UInt64, in memory: inout some MemoryReader
  ) -> PythonInterpreter.Location {
    let name = isFreeThreaded ? "free-threaded CPython" : "CPython"
    let isKnown = DebugOffsetsLayout.row(major: version.major, minor: version.minor) != nil
    let unsupported = PythonInterpreter.Location.unsupported(
      "no offsets for \(isKnown && !isRelease ? "a pre-release of " : "")\(name) "
        + "\(version.major).\(version.minor)")
    // A version behind the newest that was measured is tried as if it were that.
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

  /// The interpreter that it describes by the layout and the table of a minor version; nil where it
  /// doesn't pass the trial.
  func tried(
    as minor: Int, runtime: UInt64, in memory: inout some MemoryReader
  ) -> PythonInterpreter? {
    guard let layout = DebugOffsetsLayout.row(major: 3, minor: minor),
      case .found(let interpreter) = described(as: minor, runtime: runtime),
      OffsetTrial(told: self, layout: layout).passes(interpreter, in: &memory)
    else { return nil }
    return interpreter
  }

  /// How far behind the newest version that was measured one may be: a version comes each year.
  private static let plausibleLead = 20

  /// The low byte of the number is the level, 0xa, 0xb, 0xc or 0xf, and a serial.
  private var isRelease: Bool {
    number & 0xf0 == 0xf0
  }

  private var isPossible: Bool {
    number <= UInt32.max && [0xa0, 0xb0, 0xc0, 0xf0].contains(number & 0xf0)
  }

  /// nil where there is no table for the minor version.
  private func described(as minor: Int, runtime: UInt64) -> PythonInterpreter.Location? {
    let variant: StructureOffsets.Variant = isFreeThreaded ? .freeThreaded : .ordinary
    guard
      let layout = DebugOffsetsLayout.row(major: 3, minor: minor),
      let row = StructureOffsets.row(major: 3, minor: minor, variant: variant)
    else { return nil }
    guard let offsets = row.overlaid(by: self, layout), let head = offsets.runtimeInterpreters
    else {
      return .unsupported("CPython \(version) tells impossible offsets")
    }
    return .found(
      PythonInterpreter(
        version: version, root: .interpreters(at: runtime &+ UInt64(head)), offsets: offsets))
  }

  /// The offset that stands at `position`; nil where it is larger than `limit`.
  func value(_ position: Int, limit: UInt64) -> Int? {
    guard position >= 0, position <= bytes.count - 8 else { return nil }
    let value = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
    return value <= limit ? Int(value) : nil
  }
}

extension StructureOffsets {
  /// These offsets, with what the process tells put in their place; nil where it tells an impossible
  /// one.
  ///
  /// It doesn't tell of globals, of a dictionary's keys and of the bits of a text's state.
  fileprivate func overlaid(
    by told: DebugOffsets, _ layout: DebugOffsetsLayout
  ) -> StructureOffsets? {
    var result = self
    // A field is read as part of a record, so it has to end in it.
    func field(_ position: Int?) -> Int? {
      position.flatMap { told.value($0, limit: UInt64(RemoteRecord.capacity - 8)) }
    }
    func far(_ position: Int) -> Int? {
      told.value(position, limit: 1 << 24)
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
