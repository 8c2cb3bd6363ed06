/// Whose code a Python file is, told from its path alone.
package enum CodeOrigin: Hashable, Sendable {
  case user
  /// Installed: in `site-packages` or `dist-packages`.
  case package
  case standardLibrary
  /// No file: `<string>`, `<frozen importlib._bootstrap>`.
  case generated

  package init(path: String) {
    if path.hasPrefix("<") {
      self = .generated
      return
    }
    var origin = CodeOrigin.user
    var isInLibrary = false
    for component in path.split(separator: "/") {
      if component == "site-packages" || component == "dist-packages" {
        self = .package
        return
      }
      // PREFIX/lib/python3.13/, PREFIX/lib64/pypy3.11/, PREFIX/lib/python313.zip (sysconfig's
      // `stdlib` and `platstdlib`, Lib/sysconfig).
      if isInLibrary, CodeOrigin.isLibraryFolder(component) { origin = .standardLibrary }
      isInLibrary = component == "lib" || component == "lib64" || component == "lib32"
    }
    self = origin
  }

  private static func isLibraryFolder(_ name: Substring) -> Bool {
    for prefix in ["python", "pypy"] where name.hasPrefix(prefix) {
      let version = name.dropFirst(prefix.count)
      return version.first?.isNumber == true
        && version.allSatisfy { $0.isNumber || $0 == "." || $0 == "t" || $0 == "z" || $0 == "i" || $0 == "p" }
    }
    return false
  }
}
