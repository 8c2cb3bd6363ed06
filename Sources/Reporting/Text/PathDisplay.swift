/// Writes paths for people: short if the reader knows the rest, and always on one line.
struct PathDisplay {
  let workingDirectory: String
  let style: TextStyle

  /// `path` as one would type it in the working directory: relative if it is inside.
  func relative(_ path: String) -> String {
    let folder = workingDirectory.hasSuffix("/") ? workingDirectory : workingDirectory + "/"
    let (inner, outer) = (path.unicodeScalars, folder.unicodeScalars)
    let isInside = folder != "/" && inner.count > outer.count && inner.starts(with: outer)
    return style.printable(isInside ? String(inner.dropFirst(outer.count)) : path)
  }

  /// `path`, with its middle cut out if it has more than `width` columns.
  func short(_ path: String, to width: Int) -> String {
    style.clippedInMiddle(relative(path), to: width)
  }

  /// `path:line`; the line is never cut.
  func location(_ path: String, _ line: Int?, to width: Int) -> String {
    let suffix = line.map { ":\($0)" } ?? ""
    return short(path, to: width - suffix.count) + suffix
  }
}
