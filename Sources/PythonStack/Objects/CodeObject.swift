import ELFImage

/// A decoded code object.
final class CodeObject: Sendable {
  /// The bytes that it was decoded from.
  let head: CodeHead
  let path: String
  let function: String
  /// `co_qualname`, if it says more than `co_name`.
  let qualifiedName: String?
  /// The line table; nil if it couldn't be read.
  let lines: LineTable?
  /// Whether this is the code of a module's statements.
  let isModule: Bool
  /// Whether this is the code that the interpreter itself puts under the frame of an `__init__`. No
  /// traceback shows it.
  let isInternal: Bool

  private init(
    head: CodeHead, path: String, function: String, qualifiedName: String?, lines: LineTable?,
    isInternal: Bool
  ) {
    self.head = head
    self.path = path
    self.function = function
    self.qualifiedName = qualifiedName == function ? nil : qualifiedName
    self.lines = lines
    self.isModule = function == "<module>"
    self.isInternal = isInternal
  }

  /// Decodes the code object with these first bytes; returns nil if its names can't be read.
  static func decode(
    _ head: CodeHead, for interpreter: PythonInterpreter, in memory: inout some MemoryReader
  ) -> CodeObject? {
    let offsets = interpreter.offsets
    guard
      let filename = head.record.word(offsets.code.filename),
      let name = head.record.word(offsets.code.name),
      let firstLine: Int32 = head.record.integer(at: offsets.code.firstLine),
      let lineTable = head.record.word(offsets.code.lineTable),
      let path = offsets.text(at: filename, in: &memory),
      let function = filename == name ? path : offsets.text(at: name, in: &memory)
    else { return nil }
    let table = offsets.lineTable(at: lineTable, in: &memory)
    // For a function of a module both names are one object. The longer name may be missing.
    let qualifiedName = offsets.code.qualifiedName.flatMap { head.record.word($0) }
      .flatMap { $0 == name ? nil : offsets.text(at: $0, in: &memory) }
    return CodeObject(
      head: head, path: path, function: function, qualifiedName: qualifiedName,
      lines: table.map {
        LineTable(format: interpreter.lineTableFormat, firstLine: Int(firstLine), bytes: $0)
      },
      // `_Py_InitCleanup` (CPython 3.12 and later, Python/specialize.c) has the same object as file
      // and as name, and no first line.
      isInternal: filename == name && firstLine == 0)
  }

  /// Whether the objects that the head points to still have the decoded content. When a program
  /// compiles code again and again, other lines and names can get the same addresses.
  func isUnchanged(_ offsets: StructureOffsets, in memory: inout some MemoryReader) -> Bool {
    guard
      let filename = head.record.word(offsets.code.filename),
      let name = head.record.word(offsets.code.name),
      let table = head.record.word(offsets.code.lineTable)
    else { return false }
    return offsets.lineTable(at: table, in: &memory) == lines?.bytes
      && offsets.text(at: name, in: &memory) == function
      && offsets.text(at: filename, in: &memory) == path
  }

  /// About how many bytes of memory this object takes.
  var size: Int {
    path.utf8.count + function.utf8.count + (lines?.bytes.count ?? 0)
  }

  /// Whether this object may be cached for the next stack.
  ///
  /// Code that a program compiles at run time, such as `<string>`, comes and goes: code objects of
  /// the same shape can follow one another at one address. Code frozen into the interpreter stays.
  var isLasting: Bool {
    !path.utf8.starts(with: "<".utf8) || path.utf8.starts(with: "<frozen ".utf8)
  }
}

extension StructureOffsets {
  /// The content of the `bytes` object at `address`; nil if it can't be read or is absurdly long.
  func lineTable(at address: UInt64, in memory: inout some MemoryReader) -> [UInt8]? {
    guard
      let head = RemoteRecord(at: address, upTo: RemoteRecord.capacity, in: &memory),
      let size = head.word(bytes.size), size <= LineTable.longest
    else { return nil }
    return head.withBytes(bytes.data, Int(size)) { [UInt8]($0) }
      ?? memory.bytes(at: address &+ UInt64(bytes.data), count: Int(size))
  }
}
