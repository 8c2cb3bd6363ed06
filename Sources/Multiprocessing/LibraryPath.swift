extension String {
  /// A library module's path inside its library: what comes before is the same for all of them.
  package var inItsLibrary: String {
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
