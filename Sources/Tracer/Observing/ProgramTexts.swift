internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// What the text of the traced programs says that no stack shows, read once for each file.
final class ProgramTexts {
  private let files: ProgramFiles
  private var imports: [FileStatus: Import] = [:]
  private static let limit = 4096

  init(_ files: ProgramFiles) {
    self.files = files
  }

  /// What a file's text says of a worker that imports it.
  struct Import {
    /// The statements that can end the worker.
    var exits: [SourceExcerpt.Statement] = []
    /// Whether it sets `sys.stdin` to None.
    var replacesInput = false
  }

  /// What a file's text says of a worker that imports it.
  ///
  /// - Parameters:
  ///   - name: The file's path as we reach it.
  ///   - status: The file's own: a file that has changed is read again.
  func `import`(of name: String, _ status: FileStatus) -> Import {
    if let known = imports[status] { return known }
    let found = files.text(of: name).map {
      Import(exits: ExitStatements.find(in: $0), replacesInput: PythonLine.replacesInput(in: $0))
    }
    if imports.count >= Self.limit { imports = [:] }
    imports[status] = found ?? Import()
    return found ?? Import()
  }

  /// Where the program defines the name that a worker did not find, by the text that it writes; nil
  /// for other texts.
  ///
  /// - Parameter main: The program that the worker has imported.
  func definition(
    saidIn text: String, by process: ProcessID, main: String?, startedIn directory: String
  ) -> SourceDefinition? {
    guard let lookup = FailedLookup(text: text), let path = lookup.path ?? main else { return nil }
    let absolute = path.absolutePath(in: directory)
    guard let bytes = files.text(of: ProcessFolder(process).rooted(absolute)),
      let place = NameDefinition.find(lookup.name, in: bytes)
    else { return nil }
    return SourceDefinition(
      path: absolute, place: place, source: SourceReader.excerpt(bytes, line: place.line))
  }
}
