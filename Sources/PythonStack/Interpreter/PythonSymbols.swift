import ELFImage
internal import TraceModel

/// The symbols of an interpreter in one ELF file, with addresses before relocation.
///
/// They depend on the file only, so a tracer of many processes caches them by the file's identity.
package struct PythonSymbols: Hashable, Sendable {
  /// The address of the file's first byte in memory, before relocation.
  let firstLoadAddress: UInt64
  /// `_PyRuntime`, from 3.7 on.
  let runtime: UInt64?
  /// The size of `_PyRuntime` in bytes; nil if no symbol says it.
  let runtimeSize: UInt64?
  /// `Py_Version`: a number like `PY_VERSION_HEX`, from 3.11 on.
  let version: UInt64?
  /// `interp_head`, up to 3.6: the variable that points to the newest interpreter.
  let interpreterHead: UInt64?
  /// `_PyThreadState_Current`, up to 3.6: the variable that points to the thread state that holds
  /// the GIL.
  let currentThreadState: UInt64?
  /// Whether objects begin with two additional pointers: `Py_TRACE_REFS`, as in debug builds up to
  /// 3.7.
  let isTracingReferences: Bool
  /// The variables without an initial value, if only these lead to the interpreter.
  var variables: Range<UInt64>?
  /// A part of the file by which it can be recognized in memory.
  package var witness: Witness?

  /// The beginning of the part of a file that is loaded and never written to: mostly headers and
  /// the build id.
  package struct Witness: Hashable, Sendable {
    package let fileOffset: Int
    package let size: Int
    let address: UInt64
  }
}

extension PythonSymbols {
  /// Whether a mapped file may contain an interpreter: a Python library, or the process's program.
  package static func isCandidate(path: String, isExecutable: Bool) -> Bool {
    isExecutable || path.lastPathComponent.utf8.starts(with: "libpython".utf8)
  }

  /// Looks for an interpreter in the file with these bytes; nil if it holds none, or isn't an ELF
  /// file for a 64-bit little-endian machine.
  ///
  /// Costs some microseconds if the file exports the interpreter's symbols, as all files have since
  /// 3.7. Otherwise all symbols that weren't stripped are examined.
  package init?(file bytes: RawSpan, path: String) {
    // A broken file isn't worth an error: the process runs with it, and no interpreter is found.
    let symbols = try? ELFImage.withImage(of: bytes) { PythonSymbols(image: $0) }
    guard let symbols = symbols ?? nil else { return nil }
    self = symbols
  }

  private init?(image: borrowing ELFImage) {
    guard let firstLoadAddress = image.firstLoadAddress else { return nil }
    var runtime = image.exportedSymbol(named: "_PyRuntime")
    var version = runtime == nil ? nil : image.exportedSymbol(named: "Py_Version")
    var interpreterHead: ELFSymbol?
    var currentThreadState: ELFSymbol?
    if runtime == nil {
      currentThreadState = image.exportedSymbol(named: "_PyThreadState_Current")
      // Up to 3.6 the list of interpreters begins at a variable that isn't exported.
      interpreterHead = image.anySymbol(named: "interp_head")
    }
    if runtime == nil, interpreterHead == nil, currentThreadState == nil {
      // A program that an interpreter is linked into need not export anything.
      runtime = image.anySymbol(named: "_PyRuntime")
      version = runtime == nil ? nil : image.anySymbol(named: "Py_Version")
    }
    // Since 3.10 `_PyRuntime` has a section of its own, which remains when all symbols are
    // stripped.
    let section = runtime == nil ? image.section(named: ".PyRuntime")?.address : nil
    let runtimeAddress = runtime?.address ?? section.flatMap { $0 == 0 ? nil : $0 }
    guard runtimeAddress != nil || interpreterHead != nil || currentThreadState != nil else {
      return nil
    }
    self.init(
      firstLoadAddress: firstLoadAddress,
      runtime: runtimeAddress, runtimeSize: runtime?.size, version: version?.address,
      interpreterHead: interpreterHead?.address, currentThreadState: currentThreadState?.address,
      // A function that only such builds have (CPython 3.7, Objects/object.c).
      isTracingReferences: image.exportedSymbol(named: "_Py_AddToAllObjects") != nil)
    if runtimeAddress == nil, interpreterHead == nil {
      variables = image.segments.last { $0.kind == .load && $0.flags & 2 != 0 }.flatMap { segment in
        let (end, isBeyond) = segment.address.addingReportingOverflow(segment.memorySize)
        let (start, _) = segment.address.addingReportingOverflow(segment.fileSize)
        return isBeyond || start >= end ? nil : start..<end
      }
    }
    // The first segment is writable in files that patchelf(1) has changed.
    if let part = image.segments.first(where: { $0.kind == .load && $0.flags & 2 == 0 }),
      let offset = Int(exactly: part.fileOffset)
    {
      witness = Witness(
        fileOffset: offset, size: Int(min(part.fileSize, 4096)), address: part.address)
    }
  }
}
