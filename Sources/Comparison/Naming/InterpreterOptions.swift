internal import Multiprocessing

extension PythonCommandLine {
  /// The interpreter's own options in the command line that this one was read from, without what
  /// names the program.
  func options(in arguments: [String]) -> [String] {
    var options = Array(arguments.dropFirst().dropLast(targetArguments.count))
    switch target {
    case .script: options = options.dropLast()
    case .standardInput: if options.last == "-" { options.removeLast() }
    case .nothing: break
    case .module(let value), .command(let value):
      // `-Om pkg`, `-m pkg`, `-mpkg`
      if options.last == value { options.removeLast() }
      guard let last = options.popLast() else { break }
      let letters = last.hasSuffix(value) ? last.dropLast(value.count + 1) : last.dropLast()
      if letters.count > 1 { options.append(String(letters)) }
    }
    return options
  }
}
