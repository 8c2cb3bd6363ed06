internal import Bytes
internal import TraceModel

/// The version of Python in the path of its library or its folder.
enum PythonInPath {
  /// `hostedtoolcache/Python/3.12.1/x64/`, `versions/3.12.1/`, `python3.12/`, `Python312/`,
  /// `Python.framework/Versions/3.12/`, `cpython-3.12.1-linux/`; nil if the path names none.
  static func version(_ path: String) -> PythonVersion? {
    var best: PythonVersion?
    for folder in path.utf8.split(separator: UInt8(ascii: "/"), maxSplits: 64) {
      guard let found = version(ofFolder: Substring(folder)) else { continue }
      if best?.micro == nil || found.micro != nil { best = found }
    }
    guard let best, path.lowercased().contains("py") else { return nil }
    return best
  }

  private static func version(ofFolder folder: Substring) -> PythonVersion? {
    var name = folder.utf8[...]
    for word in ["cpython-", "python", "Python", "pypy", "py"] where name.starts(with: word.utf8) {
      name = name.dropFirst(word.utf8.count)
      break
    }
    if let whole = numbers(name) { return whole }
    // The Windows store's: PythonSoftwareFoundation.Python.3.9_3.9.1520.0_x64__...
    if folder.hasPrefix("PythonSoftwareFoundation."), let mark = folder.firstRange(of: "Python.3.")
    {
      return numbers(folder[mark.lowerBound...].utf8.dropFirst(7))
    }
    guard folder.hasPrefix("Python") || folder.hasPrefix("python") else { return nil }
    // Windows: Python312, Python39-32.
    let digits = name.prefix { $0.decimalDigit != nil }
    guard (2...3).contains(digits.count), let major = digits.first?.decimalDigit,
      major == 2 || major == 3, let minor = Int(Substring(digits.dropFirst()))
    else { return nil }
    return PythonVersion(major: Int(major), minor: minor)
  }

  /// `3.12` or `3.12.1` at the beginning.
  static func numbers(_ text: some Collection<UInt8>) -> PythonVersion? {
    let parts = text.prefix { $0.decimalDigit != nil || $0 == UInt8(ascii: ".") }
      .split(separator: UInt8(ascii: "."))
      .map { Int(String(decoding: $0, as: UTF8.self)) }
    guard parts.count >= 2, let major = parts[0], major == 2 || major == 3, let minor = parts[1],
      minor < 40
    else { return nil }
    return PythonVersion(major: major, minor: minor, micro: parts.count > 2 ? parts[2] : nil)
  }
}
