// Generated, by a command of this form, with the interpreters' headers installed:
//
//   tools/offsets/generate.py --merge tools/offsets/offsets.json \
//     --json tools/offsets/offsets.json \
//     --swift Sources/PythonStack/Layouts/Offsets+Generated.swift \
//     3.12=INCLUDE_DIR 3.12r=INCLUDE_DIR:-DPy_TRACE_REFS 3.13t=INCLUDE_DIR:-DPy_GIL_DISABLED ...
//
// The offsets are those of x86_64 and of the patch version named; they hold for a whole minor
// version.

extension StructureOffsets {
  /// The offsets for a version; nil where they weren't measured.
  static func row(major: Int, minor: Int, variant: Variant) -> StructureOffsets? {
    switch (major, minor, variant) {
    case (2, 7, .ordinary): python27
    case (2, 7, .tracedReferences): python27TracedReferences
    case (3, 6, .ordinary): python36
    case (3, 6, .tracedReferences): python36TracedReferences
    case (3, 7, .ordinary): python37
    case (3, 7, .tracedReferences): python37TracedReferences
    case (3, 8, .ordinary): python38
    case (3, 8, .tracedReferences): python38TracedReferences
    case (3, 9, .ordinary): python39
    case (3, 9, .tracedReferences): python39TracedReferences
    case (3, 10, .ordinary): python310
    case (3, 10, .tracedReferences): python310TracedReferences
    case (3, 11, .ordinary): python311
    case (3, 11, .tracedReferences): python311TracedReferences
    case (3, 12, .ordinary): python312
    case (3, 12, .tracedReferences): python312TracedReferences
    case (3, 13, .ordinary): python313
    case (3, 13, .freeThreaded): python313FreeThreaded
    case (3, 14, .ordinary): python314
    case (3, 14, .freeThreaded): python314FreeThreaded
    case (3, 15, .ordinary): python315
    case (3, 15, .freeThreaded): python315FreeThreaded
    default: nil
    }
  }

  /// 2.7.18
  private static let python27 = StructureOffsets(
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 0, identifier: 144,
      topFrame: .direct(16)),
    frame: .init(
      previous: 24, code: 32, globals: 48, position: .index(120, unit: 1),
      trace: 80, tracedLine: 124),
    code: .init(
      filename: 80, name: 88,
      firstLine: 96, lineTable: 104),
    bytes: .init(size: 16, data: 36),
    dictionary: .slots(mask: 32, table: 40))

  /// 2.7.18
  private static let python27TracedReferences = StructureOffsets(
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 0, identifier: 144,
      topFrame: .direct(16)),
    frame: .init(
      previous: 40, code: 48, globals: 64, position: .index(136, unit: 1),
      trace: 96, tracedLine: 140),
    code: .init(
      filename: 96, name: 104,
      firstLine: 112, lineTable: 120),
    bytes: .init(size: 32, data: 52),
    dictionary: .slots(mask: 48, table: 56))

  /// 3.6.15
  private static let python36 = StructureOffsets(
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 152,
      topFrame: .direct(24)),
    frame: .init(
      previous: 24, code: 32, globals: 48, position: .index(120, unit: 1),
      trace: 80, tracedLine: 124),
    code: .init(
      filename: 96, name: 104,
      firstLine: 36, lineTable: 112),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 48, compactSize: 72),
    dictionary: .keys(32, values: 40))

  /// 3.6.15
  private static let python36TracedReferences = StructureOffsets(
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 152,
      topFrame: .direct(24)),
    frame: .init(
      previous: 40, code: 48, globals: 64, position: .index(136, unit: 1),
      trace: 96, tracedLine: 140),
    code: .init(
      filename: 112, name: 120,
      firstLine: 52, lineTable: 128),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 64, compactSize: 88),
    dictionary: .keys(48, values: 56))

  /// 3.7.16
  private static let python37 = StructureOffsets(
    runtimeInterpreters: 24,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 24, code: 32, globals: 48, position: .index(104, unit: 1),
      trace: 80, tracedLine: 108),
    code: .init(
      filename: 96, name: 104,
      firstLine: 36, lineTable: 112),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 48, compactSize: 72),
    dictionary: .keys(32, values: 40))

  /// 3.7.16
  private static let python37TracedReferences = StructureOffsets(
    runtimeInterpreters: 24,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 40, code: 48, globals: 64, position: .index(120, unit: 1),
      trace: 96, tracedLine: 124),
    code: .init(
      filename: 112, name: 120,
      firstLine: 52, lineTable: 128),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 64, compactSize: 88),
    dictionary: .keys(48, values: 56))

  /// 3.8.18
  private static let python38 = StructureOffsets(
    runtimeInterpreters: 32,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 24, code: 32, globals: 48, position: .index(104, unit: 1),
      trace: 80, tracedLine: 108),
    code: .init(
      filename: 104, name: 112,
      firstLine: 40, lineTable: 120),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 48, compactSize: 72),
    dictionary: .keys(32, values: 40))

  /// 3.8.18
  private static let python38TracedReferences = StructureOffsets(
    runtimeInterpreters: 32,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 40, code: 48, globals: 64, position: .index(120, unit: 1),
      trace: 96, tracedLine: 124),
    code: .init(
      filename: 120, name: 128,
      firstLine: 56, lineTable: 136),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 64, compactSize: 88),
    dictionary: .keys(48, values: 56))

  /// 3.9.18
  private static let python39 = StructureOffsets(
    runtimeInterpreters: 32,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 24, code: 32, globals: 48, position: .index(104, unit: 1),
      trace: 80, tracedLine: 108),
    code: .init(
      filename: 104, name: 112,
      firstLine: 40, lineTable: 120),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 48, compactSize: 72),
    dictionary: .keys(32, values: 40))

  /// 3.9.18
  private static let python39TracedReferences = StructureOffsets(
    runtimeInterpreters: 32,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 40, code: 48, globals: 64, position: .index(120, unit: 1),
      trace: 96, tracedLine: 124),
    code: .init(
      filename: 120, name: 128,
      firstLine: 56, lineTable: 136),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 64, compactSize: 88),
    dictionary: .keys(48, values: 56))

  /// 3.10.13
  private static let python310 = StructureOffsets(
    runtimeInterpreters: 32,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 24, code: 32, globals: 48, position: .index(96, unit: 2)),
    code: .init(
      filename: 104, name: 112,
      firstLine: 40, lineTable: 120),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 48, compactSize: 72),
    dictionary: .keys(32, values: 40))

  /// 3.10.13
  private static let python310TracedReferences = StructureOffsets(
    runtimeInterpreters: 32,
    interpreter: .init(next: 0, threads: 8),
    thread: .init(
      next: 8, identifier: 176,
      topFrame: .direct(24)),
    frame: .init(
      previous: 40, code: 48, globals: 64, position: .index(112, unit: 2)),
    code: .init(
      filename: 120, name: 128,
      firstLine: 56, lineTable: 136),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 64, compactSize: 88),
    dictionary: .keys(48, values: 56))

  /// 3.11.7
  private static let python311 = StructureOffsets(
    runtimeInterpreters: 40,
    interpreter: .init(next: 0, threads: 16),
    thread: .init(
      next: 8, identifier: 152, nativeIdentifier: 160,
      topFrame: .throughCFrame(pointer: 56, frame: 8)),
    frame: .init(
      previous: 48, code: 32, globals: 8, position: .pointer(56)),
    code: .init(
      filename: 112, name: 120, qualifiedName: 128,
      firstLine: 72, lineTable: 136, bytecode: 184),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 48, compactSize: 72),
    dictionary: .keys(32, values: 40))

  /// 3.11.7
  private static let python311TracedReferences = StructureOffsets(
    runtimeInterpreters: 40,
    interpreter: .init(next: 0, threads: 16),
    thread: .init(
      next: 8, identifier: 152, nativeIdentifier: 160,
      topFrame: .throughCFrame(pointer: 56, frame: 8)),
    frame: .init(
      previous: 48, code: 32, globals: 8, position: .pointer(56)),
    code: .init(
      filename: 128, name: 136, qualifiedName: 144,
      firstLine: 88, lineTable: 152, bytecode: 200),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 64, compactSize: 88),
    dictionary: .keys(48, values: 56))

  /// 3.12.1
  private static let python312 = StructureOffsets(
    runtimeInterpreters: 40,
    interpreter: .init(next: 0, threads: 72),
    thread: .init(
      next: 8, identifier: 136, nativeIdentifier: 144,
      topFrame: .throughCFrame(pointer: 56, frame: 0)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 70),
    code: .init(
      filename: 112, name: 120, qualifiedName: 128,
      firstLine: 68, lineTable: 136, bytecode: 192),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 40, compactSize: 56),
    dictionary: .keys(32, values: 40))

  /// 3.12.1
  private static let python312TracedReferences = StructureOffsets(
    runtimeInterpreters: 40,
    interpreter: .init(next: 0, threads: 72),
    thread: .init(
      next: 8, identifier: 136, nativeIdentifier: 144,
      topFrame: .throughCFrame(pointer: 56, frame: 0)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 70),
    code: .init(
      filename: 128, name: 136, qualifiedName: 144,
      firstLine: 84, lineTable: 152, bytecode: 208),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 56, compactSize: 72),
    dictionary: .keys(48, values: 56))

  /// 3.13.0
  private static let python313 = StructureOffsets(
    runtimeInterpreters: 632,
    interpreter: .init(next: 7264, threads: 7344),
    thread: .init(
      next: 8, identifier: 152, nativeIdentifier: 160,
      topFrame: .direct(72)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 70),
    code: .init(
      filename: 112, name: 120, qualifiedName: 128,
      firstLine: 68, lineTable: 136, bytecode: 200),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 40, compactSize: 56),
    dictionary: .keys(32, values: 40))

  /// 3.13.0
  private static let python313FreeThreaded = StructureOffsets(
    runtimeInterpreters: 632,
    interpreter: .init(next: 7264, threads: 7344),
    thread: .init(
      next: 8, identifier: 152, nativeIdentifier: 160,
      topFrame: .direct(72)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 70),
    code: .init(
      filename: 128, name: 136, qualifiedName: 144,
      firstLine: 84, lineTable: 152, bytecode: 216),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 56, compactSize: 72),
    dictionary: .keys(48, values: 56))

  /// 3.14.10
  private static let python314 = StructureOffsets(
    runtimeInterpreters: 808,
    interpreter: .init(next: 7272, threads: 7344),
    thread: .init(
      next: 8, identifier: 152, nativeIdentifier: 160,
      topFrame: .direct(72)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 74),
    code: .init(
      filename: 112, name: 120, qualifiedName: 128,
      firstLine: 68, lineTable: 136, bytecode: 208),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 40, compactSize: 56),
    dictionary: .keys(32, values: 40))

  /// 3.14.10
  private static let python314FreeThreaded = StructureOffsets(
    runtimeInterpreters: 808,
    interpreter: .init(next: 7272, threads: 7344),
    thread: .init(
      next: 8, identifier: 152, nativeIdentifier: 160,
      topFrame: .direct(72)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 78, bytecodeIndex: 72),
    code: .init(
      filename: 128, name: 136, qualifiedName: 144,
      firstLine: 84, lineTable: 152, bytecode: 232, threadBytecodes: 224),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x700, compactMask: 0x800, asciiMask: 0x1000,
      asciiSize: 56, compactSize: 72),
    dictionary: .keys(48, values: 56))

  /// 3.15.2
  private static let python315 = StructureOffsets(
    runtimeInterpreters: 936,
    interpreter: .init(next: 7264, threads: 7336),
    thread: .init(
      next: 8, identifier: 176, nativeIdentifier: 184,
      topFrame: .direct(72)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 74),
    code: .init(
      filename: 112, name: 120, qualifiedName: 128,
      firstLine: 68, lineTable: 136, bytecode: 208),
    bytes: .init(size: 16, data: 32),
    text: .init(
      length: 16, state: 32, kindMask: 0x1c, compactMask: 0x20, asciiMask: 0x40,
      asciiSize: 40, compactSize: 56),
    dictionary: .keys(32, values: 40))

  /// 3.15.2
  private static let python315FreeThreaded = StructureOffsets(
    runtimeInterpreters: 936,
    interpreter: .init(next: 7264, threads: 7336),
    thread: .init(
      next: 8, identifier: 176, nativeIdentifier: 184,
      topFrame: .direct(72)),
    frame: .init(
      previous: 8, code: 0, globals: 24, position: .pointer(56), owner: 78, bytecodeIndex: 72),
    code: .init(
      filename: 128, name: 136, qualifiedName: 144,
      firstLine: 84, lineTable: 152, bytecode: 232, threadBytecodes: 224),
    bytes: .init(size: 32, data: 48),
    text: .init(
      length: 32, state: 48, kindMask: 0x700, compactMask: 0x800, asciiMask: 0x1000,
      asciiSize: 56, compactSize: 72),
    dictionary: .keys(48, values: 56))
}

extension DebugOffsetsLayout {
  /// The layout in a version; nil where there is none or it wasn't measured.
  static func row(major: Int, minor: Int) -> DebugOffsetsLayout? {
    switch (major, minor) {
    case (3, 13): python313
    case (3, 14): python314
    case (3, 15): python315
    default: nil
    }
  }

  private static let python313 = DebugOffsetsLayout(
    size: 584, runtimeSize: 24, interpreterSize: 48, threadSize: 152, frameSize: 224,
    codeSize: 272, dictionarySize: 448, bytesObjectSize: 512, textSize: 536,
    threadInterpreter: 176, runtimeInterpreters: 40, interpreterNext: 64,
    interpreterThreads: 72, threadNext: 168, threadIdentifier: 192,
    threadNativeIdentifier: 200, threadTopFrame: 184, framePrevious: 232,
    frameCode: 240, framePosition: 248, frameOwner: 264, codeFilename: 280,
    codeName: 288, codeQualifiedName: 296, codeFirstLine: 312, codeLineTable: 304,
    codeBytecode: 344, bytesSize: 520, bytesData: 528, textLength: 552,
    textState: 544, textASCIISize: 560, dictionaryKeys: 456, dictionaryValues: 464)

  private static let python314 = DebugOffsetsLayout(
    size: 760, runtimeSize: 24, interpreterSize: 48, threadSize: 176, frameSize: 248,
    codeSize: 312, dictionarySize: 528, bytesObjectSize: 592, textSize: 616,
    threadInterpreter: 200, runtimeInterpreters: 40, interpreterNext: 64,
    interpreterThreads: 72, threadNext: 192, threadIdentifier: 216,
    threadNativeIdentifier: 224, threadTopFrame: 208, framePrevious: 256,
    frameCode: 264, framePosition: 272, frameOwner: 288, frameBytecodeIndex: 304,
    codeFilename: 320, codeName: 328, codeQualifiedName: 336, codeFirstLine: 352,
    codeLineTable: 344, codeBytecode: 384, codeThreadBytecodes: 392, bytesSize: 600,
    bytesData: 608, textLength: 632, textState: 624, textASCIISize: 640,
    dictionaryKeys: 536, dictionaryValues: 544)

  private static let python315 = DebugOffsetsLayout(
    size: 888, runtimeSize: 24, interpreterSize: 48, threadSize: 176, frameSize: 312,
    codeSize: 376, dictionarySize: 624, bytesObjectSize: 688, textSize: 712,
    threadInterpreter: 200, runtimeInterpreters: 40, interpreterNext: 64,
    interpreterThreads: 72, threadNext: 192, threadIdentifier: 240,
    threadNativeIdentifier: 248, threadTopFrame: 208, framePrevious: 320,
    frameCode: 328, framePosition: 336, frameOwner: 352, frameBytecodeIndex: 368,
    codeFilename: 384, codeName: 392, codeQualifiedName: 400, codeFirstLine: 416,
    codeLineTable: 408, codeBytecode: 448, codeThreadBytecodes: 456, bytesSize: 696,
    bytesData: 704, textLength: 728, textState: 720, textASCIISize: 736,
    dictionaryKeys: 632, dictionaryValues: 640)
}
