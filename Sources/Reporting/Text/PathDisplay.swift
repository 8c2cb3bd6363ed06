internal import Multiprocessing
import TraceModel

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

extension String {
  /// A library module's path inside its library: what comes before is the same for all of them.
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
