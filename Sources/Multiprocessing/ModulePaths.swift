package import TraceModel

extension String {
  /// The source of a cached module (PEP 3147): `/w/pkg/__pycache__/tool.cpython-313.pyc` is
  /// compiled from `/w/pkg/tool.py`; nil if this isn't a cached module.
  package var sourceOfCachedModule: String? {
    guard ends(with: ".pyc") else { return nil }
    let folder = directory
    guard String(folder).ends(with: "/__pycache__") else { return String(dropLast()) }
    let name = lastPathComponent.prefix { $0 != "." }
    return String(folder.dropLast("/__pycache__".count)) + "/" + name + ".py"
  }

  /// The paths at which the source may be that this file caches, or is to cache as soon as it is
  /// renamed; empty if it is no cached module.
  ///
  /// Lib/importlib/_bootstrap_external.py: `cache_from_source`, and `_write_atomic`, which adds a
  /// number to the name. With PYTHONPYCACHEPREFIX (3.8) the source's whole path is repeated below
  /// another folder, and any of the last folders may be the first one of the source's path.
  package var possibleSourcesOfCachedModule: [String] {
    guard let name = String(lastPathComponent).nameOfCachedModule else { return [] }
    var parts = name.split(separator: ".", omittingEmptySubsequences: false)
    let isTagged = parts.count > 1
    if isTagged, parts.removeLast().hasPrefix("opt-"), parts.count > 1 { parts.removeLast() }
    let file = parts.joined(separator: ".") + ".py"
    let folder = String(directory)
    if folder.lastPathComponent == "__pycache__" {
      return [folder.utf8.count == "__pycache__".utf8.count ? file : "\(folder.directory)/\(file)"]
    }
    let beside = String(dropLast(lastPathComponent.count)) + name + ".py"
    guard isTagged, folder.hasPrefix("/") else { return [beside] }
    let folders = folder.split(separator: "/")
    return [beside]
      + folders.indices.dropFirst().map {
        "/" + folders[$0...].joined(separator: "/") + "/" + file
      }
  }

  /// The name without its ending, with the tag of an interpreter: `tool.cpython-313` for
  /// `tool.cpython-313.pyc` and `tool.cpython-313.pyc.140234`.
  private var nameOfCachedModule: Substring? {
    if ends(with: ".pyc") { return dropLast(".pyc".count) }
    guard let dot = utf8.lastIndex(of: UInt8(ascii: ".")),
      self[dot...].utf8.dropFirst().allSatisfy({ (0x30...0x39).contains($0) }),
      String(self[..<dot]).ends(with: ".pyc")
    else { return nil }
    return self[..<dot].dropLast(".pyc".count)
  }

  /// The source file of a module that `-m` names, if this path is that file or its cached form: a
  /// module `pkg.tool` is `pkg/tool.py`, a package is run by its `__main__.py`.
  package func source(ofModule name: String) -> String? {
    let source = sourceOfCachedModule ?? self
    let stem = "/" + name.split(separator: ".").joined(separator: "/")
    return source.hasSuffix(stem + ".py") || source.hasSuffix(stem + "/__main__.py") ? source : nil
  }
}

extension PythonVersion {
  /// The version in the name of an interpreter's file: `/usr/bin/python3.13`; nil for other
  /// programs: their names may have numbers of their own.
  package init?(executable: String) {
    guard PythonCommandLine.isInterpreter(executable) else { return nil }
    self.init(fileName: executable.lastPathComponent)
  }
}
