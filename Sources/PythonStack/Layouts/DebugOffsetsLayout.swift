/// The positions of the offsets in `_Py_DebugOffsets`, with which a process describes itself, for
/// one minor version (CPython 3.13: Include/internal/pycore_runtime.h; 3.14:
/// pycore_debug_offsets.h).
struct DebugOffsetsLayout: Hashable, Sendable {
  /// The size of `_Py_DebugOffsets` in bytes.
  var size: Int
  // The positions of the structures' sizes.
  var runtimeSize: Int
  var interpreterSize: Int
  var threadSize: Int
  var frameSize: Int
  var codeSize: Int
  var dictionarySize: Int
  var bytesObjectSize: Int
  var textSize: Int
  /// `PyThreadState.interp`: back to the interpreter.
  var threadInterpreter: Int
  var runtimeInterpreters: Int
  var interpreterNext: Int
  var interpreterThreads: Int
  var threadNext: Int
  var threadIdentifier: Int
  var threadNativeIdentifier: Int
  var threadTopFrame: Int
  var framePrevious: Int
  var frameCode: Int
  var framePosition: Int
  var frameOwner: Int
  var frameBytecodeIndex: Int?
  var codeFilename: Int
  var codeName: Int
  var codeQualifiedName: Int
  var codeFirstLine: Int
  var codeLineTable: Int
  var codeBytecode: Int
  var codeThreadBytecodes: Int?
  var bytesSize: Int
  var bytesData: Int
  var textLength: Int
  var textState: Int
  var textASCIISize: Int
  var dictionaryKeys: Int
  var dictionaryValues: Int
}

extension DebugOffsetsLayout {
  /// The newest minor version of 3 that has a measured layout.
  static let newestMinor = (13...99).last { measured(major: 3, minor: $0) != nil } ?? 13
}
