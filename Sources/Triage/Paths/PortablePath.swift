/// Paths of any system as text: a backslash and a slash are one.
package enum PortablePath {
  /// The path with slashes, without `.` and doubled slashes in it.
  package static func slashed(_ path: String) -> String {
    guard
      path.utf8.contains(where: { $0 == UInt8(ascii: "\\") || $0 == UInt8(ascii: ".") })
        || path.contains("//")
    else { return path }
    // `<frozen runpy>` is no path.
    if path.hasPrefix("<") { return path }
    let isAbsolute = path.hasPrefix("/") || path.hasPrefix("\\")
    var parts: [Substring] = []
    for part in path.split(whereSeparator: { $0 == "/" || $0 == "\\" }) {
      if part == "..", let last = parts.last, last != ".." {
        parts.removeLast()
      } else if part != "." {
        parts.append(part)
      }
    }
    return (isAbsolute ? "/" : "") + parts.joined(separator: "/")
  }

  /// Whether a path with slashes is absolute, in Unix or in Windows.
  package static func isAbsolute(_ path: String) -> Bool {
    let bytes = path.utf8.prefix(3)
    return bytes.first == UInt8(ascii: "/")
      || bytes.count == 3
        && bytes.elementsEqual([bytes.first ?? 0, UInt8(ascii: ":"), UInt8(ascii: "/")])
  }

  /// A path with slashes as seen from `root`; nil if it doesn't lie inside.
  package static func relative(_ path: String, to root: String) -> String? {
    guard !root.isEmpty, path.utf8.count > root.utf8.count + 1, path.hasPrefix(root + "/") else {
      return nil
    }
    return String(path.dropFirst(root.count + 1))
  }

  /// Whether `tail` is the whole path or its end behind a slash.
  package static func hasTail(_ path: String, _ tail: String) -> Bool {
    path == tail || path.utf8.count > tail.utf8.count && path.hasSuffix("/" + tail)
  }

  /// The part behind the last slash.
  package static func name(_ path: String) -> Substring {
    path.lastIndex(of: "/").map { path[path.index(after: $0)...] } ?? path[...]
  }
}
