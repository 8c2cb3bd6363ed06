import TraceModel

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
}

extension String {
  /// The path of a module in the library that it belongs to: what stands before is the same for all.
  var inItsLibrary: String {
    switch CodeOrigin(path: self) {
    case .user, .generated: return self
    case .package, .standardLibrary: break
    }
    for folder in ["/site-packages/", "/dist-packages/"] {
      if let range = ranges(of: folder).last { return String(self[range.upperBound...]) }
    }
    guard let library = firstRange(of: "/lib/python") ?? firstRange(of: "/lib64/python"),
      let slash = self[library.upperBound...].firstIndex(of: "/")
    else { return self }
    return String(self[index(after: slash)...])
  }
}
