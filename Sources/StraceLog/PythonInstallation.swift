/// The folders of an interpreter's own library.
enum PythonInstallation {
  /// Returns the name of the interpreter that reads `path`; nil for paths that don't show it.
  ///
  /// Each interpreter begins with the encodings of its standard streams (Python/pylifecycle.c,
  /// `init_import_site` and `_PyUnicode_InitEncodings`: no version freezes them). They are in
  /// `lib/pythonX.Y/encodings`.
  static func interpreter(reading path: UnsafeRawBufferPointer) -> String? {
    var folders = path.split(separator: UInt8(ascii: "/")).makeIterator()
    var previous: Slice<UnsafeRawBufferPointer>?
    while let folder = folders.next() {
      if folder.elementsEqual("encodings".utf8), let previous, isVersioned(previous) {
        return String(decoding: previous, as: UTF8.self)
      }
      previous = folder
    }
    return nil
  }

  /// `python3.14`, `python3.14t`, `pypy3.10`
  private static func isVersioned(_ name: Slice<UnsafeRawBufferPointer>) -> Bool {
    for prefix in ["python", "pypy"] where name.starts(with: prefix.utf8) {
      return name.dropFirst(prefix.utf8.count).first.map { $0 &- 0x30 < 10 } ?? false
    }
    return false
  }
}
