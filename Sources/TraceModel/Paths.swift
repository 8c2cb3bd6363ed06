extension String {
  /// The part behind the last slash.
  package var lastPathComponent: Substring {
    utf8.lastIndex(of: 0x2f).map { self[utf8.index(after: $0)...] } ?? self[...]
  }

  /// The part before the last slash: empty for a file in the root and for a name without a slash.
  package var directory: Substring {
    utf8.lastIndex(of: 0x2f).map { self[..<$0] } ?? ""
  }

  /// The absolute path that this one means in `directory`, with `.`, `..` and doubled slashes folded
  /// and symbolic links kept: what `os.path.normpath(os.path.join(directory, self))` gives.
  package func absolutePath(in directory: String) -> String {
    let whole = hasPrefix("/") ? self : directory + "/" + self
    var components: [Substring] = []
    for component in whole.split(separator: "/") {
      switch component {
      case ".": break
      case "..": _ = components.popLast()
      default: components.append(component)
      }
    }
    return "/" + components.joined(separator: "/")
  }

  /// This path as seen from `directory`, where it lies inside; else as it is.
  package func path(relativeTo directory: String) -> String {
    let prefix = directory.hasSuffix("/") ? directory : directory + "/"
    return hasPrefix(prefix) ? String(dropFirst(prefix.count)) : self
  }
}
