internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// What the text of the traced programs says that no stack shows, read once for each file.
final class ProgramTexts {
  private var exits: [FileStatus: [SourceExcerpt.Statement]] = [:]
  private static let limit = 4096

  /// The statements of a file that can end a worker which imports it.
  ///
  /// - Parameters:
  ///   - name: The file's path as we reach it.
  ///   - status: The file's own: a file that has changed is read again.
  func exits(of name: String, _ status: FileStatus) -> [SourceExcerpt.Statement] {
    if let known = exits[status] { return known }
    let found = contents(of: name).map(ExitStatements.find) ?? []
    if exits.count >= Self.limit { exits = [:] }
    exits[status] = found
    return found
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
    guard let bytes = contents(of: ProcessFolder(process).rooted(absolute)),
      let place = NameDefinition.find(lookup.name, in: bytes)
    else { return nil }
    return SourceDefinition(
      path: absolute, place: place, source: SourceReader.excerpt(bytes, line: place.line))
  }
}
