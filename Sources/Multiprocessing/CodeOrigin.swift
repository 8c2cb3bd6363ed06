/// The origin of a Python file's code, by its path alone.
package enum CodeOrigin: Hashable, Sendable {
  case user
  /// Installed: in `site-packages` or `dist-packages`.
  case package
  case standardLibrary
  /// No file: `<string>`, `<frozen importlib._bootstrap>`.
  case generated

  package init(path: String) {
    var path = path
    self = path.withUTF8 { CodeOrigin(path: UnsafeRawBufferPointer($0)) }
  }

  /// Decides from a path's bytes. This runs for each frame of a stack and each opened module while
  /// a thread waits, and makes no strings.
  package init(path: UnsafeRawBufferPointer) {
    if path.first == UInt8(ascii: "<") {
      self = .generated
      return
    }
    if Self.isOfFrozenLibrary(path) {
      self = .standardLibrary
      return
    }
    var origin = CodeOrigin.user
    var isInLibrary = false
    var isLibrary = false
    var start = 0
    while start < path.count {
      var end = start
      while end < path.count, path[end] != UInt8(ascii: "/") { end += 1 }
      let component = UnsafeRawBufferPointer(rebasing: path[start..<end])
      start = end + 1
      if component.is("site-packages") || component.is("dist-packages") {
        self = .package
        return
      }
      // PREFIX/lib/python3.13/, PREFIX/lib64/pypy3.11/, PREFIX/lib/python313.zip (sysconfig's
      // `stdlib` and `platstdlib`, Lib/sysconfig).
      // CPython's own tests lie in the library, but are programs.
      if isLibrary, component.is("test") {
        self = .user
        return
      }
      isLibrary = isInLibrary && CodeOrigin.isLibraryFolder(component)
      if isLibrary { origin = .standardLibrary }
      isInLibrary = component.is("lib") || component.is("lib64") || component.is("lib32")
    }
    self = origin
  }

  /// Whether a path is that of multiprocessing's code in a frozen program, whose paths are relative
  /// to its archive (PyInstaller).
  private static func isOfFrozenLibrary(_ path: UnsafeRawBufferPointer) -> Bool {
    guard let first = path.first, first == UInt8(ascii: "m") || first == UInt8(ascii: "c") else {
      return false
    }
    return path.starts(with: "multiprocessing/".utf8)
      || path.starts(with: "concurrent/futures/".utf8)
  }

  private static func isLibraryFolder(_ name: UnsafeRawBufferPointer) -> Bool {
    var version: Slice<UnsafeRawBufferPointer>
    if name.starts(with: "python".utf8) {
      version = name.dropFirst(6)
    } else if name.starts(with: "pypy".utf8) {
      version = name.dropFirst(4)
    } else {
      return false
    }
    // A library in an archive; a free-threaded build's.
    for suffix in [".zip", "t"] where version.suffix(suffix.utf8.count).elementsEqual(suffix.utf8) {
      version = version.dropLast(suffix.utf8.count)
    }
    func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
    guard let first = version.first, isDigit(first) else { return false }
    return version.allSatisfy { isDigit($0) || $0 == UInt8(ascii: ".") }
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func `is`(_ text: StaticString) -> Bool {
    count == text.utf8CodeUnitCount && text.withUTF8Buffer { elementsEqual($0) }
  }
}
