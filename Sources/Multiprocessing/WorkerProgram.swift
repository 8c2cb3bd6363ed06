/// The program that a library's own worker runs, as its command line names it.
package enum WorkerProgram: Hashable, Sendable {
  /// `-m NAME`
  case module(String)
  /// The script's path as it was written.
  case script(String)
  /// A text of `-c`, or one on standard input.
  case text

  package init(_ line: PythonCommandLine) {
    self =
      switch line.target {
      case .module(let name): .module(name)
      case .script(let path): .script(path)
      case .command, .standardInput, .nothing: .text
      }
  }
}
