package import Analysis
internal import TraceModel

extension RunReport {
  /// What could not be seen and why, each a sentence without its full stop.
  package var limitationSentences: [String] { limitations.map(\.sentence) }

  /// A frame's path from the root on: code may be compiled with a path relative to its process's
  /// directory.
  package func absolute(_ path: String, in process: ProcessRecord?) -> String {
    guard !path.hasPrefix("/"), !path.hasPrefix("<") else { return path }
    let folder = process?.workingDirectory ?? workingDirectory
    let relative = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
    return folder.hasSuffix("/") ? folder + relative : folder + "/" + relative
  }
}
