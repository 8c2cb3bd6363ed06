/// Writes paths for people: short where the reader knows the rest, and never breaking the line.
struct PathDisplay {
  let workingDirectory: String
  let style: TextStyle

  /// `path` as one would type it in the working directory: relative where it is inside.
  func relative(_ path: String) -> String {
    let folder = workingDirectory.hasSuffix("/") ? workingDirectory : workingDirectory + "/"
    let (inner, outer) = (path.unicodeScalars, folder.unicodeScalars)
    let isInside = folder != "/" && inner.count > outer.count && inner.starts(with: outer)
    return style.printable(isInside ? String(inner.dropFirst(outer.count)) : path)
  }

  /// `path`, with its middle cut out where it has more than `width` columns.
  func short(_ path: String, to width: Int) -> String {
    style.clippedInMiddle(relative(path), to: width)
  }

  /// `path:line`, where the line is always kept.
  func location(_ path: String, _ line: Int?, to width: Int) -> String {
    let suffix = line.map { ":\($0)" } ?? ""
    return short(path, to: width - suffix.count) + suffix
  }

  /// The path's last part, without `.py`.
  static func stem(of path: String) -> String {
    let name = path.split(separator: "/").last.map { String($0) } ?? path
    return name.hasSuffix(".py") ? String(name.dropLast(3)) : name
  }

  /// `path` from the root on, where `folder` is what it is relative to.
  static func absolute(_ path: String, in folder: String) -> String {
    guard !path.hasPrefix("/"), !path.hasPrefix("<") else { return path }
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return folder.hasSuffix("/") ? folder + relative : folder + "/" + relative
  }
}
