/// Why a file can't be written: it is another one, too.
enum OutputConflict: Hashable {
  /// It is the file of two options.
  case options(String, String)
  /// It is a word of the command that is run.
  case command
  /// It is what the command reads.
  case input

  /// What is wrong with a file, and what can be done about it.
  func explanation(of path: String) -> String {
    switch self {
    case .options(let one, let other): "\(one) and \(other) have one file, \(path)"
    case .command: "\(path) is a part of the command; please name another file"
    case .input: "\(path) is the file to be read; please name another one to write"
    }
  }
}
