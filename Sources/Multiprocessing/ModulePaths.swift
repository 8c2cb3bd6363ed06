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
