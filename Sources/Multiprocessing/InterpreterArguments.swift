internal import Bytes

/// The arguments of an interpreter up to the script, read as `PythonCommandLine` reads them.
struct InterpreterArguments {
  private(set) var needs: [NeededArgument] = []
  private let arguments: [String]
  private let isWorker: Bool

  init(_ arguments: [String], isWorker: Bool) {
    self.arguments = arguments
    self.isWorker = isWorker
    while let argument = next, argument.hasPrefix("-"), argument != "-" {
      let isLast =
        argument.hasPrefix("--") ? readLong(argument) : readShort(argument)
      if isLast { return }
    }
    // The script, or `-` for standard input.
    if next != nil { needs.append(.whole) }
  }

  /// The argument that is to be read; the program's own name stands in front of all.
  private var next: String? {
    let index = needs.count + 1
    return index < arguments.count ? arguments[index] : nil
  }

  /// Returns whether no option and no script follows.
  private mutating func readLong(_ argument: String) -> Bool {
    if argument == "--" {
      needs.append(.whole)
      if next != nil { needs.append(.whole) }
      return true
    }
    needs.append(Self.longOptions.contains(argument) ? .whole : .beginning("--"))
    if argument == "--check-hash-based-pycs", let mode = next {
      needs.append(["always", "default", "never"].contains(mode) ? .whole : .nothing)
    }
    return argument == "--version" || argument.hasPrefix("--help")
  }

  private static let longOptions: Set<String> = [
    "--check-hash-based-pycs", "--version", "--help", "--help-env", "--help-xoptions", "--help-all",
  ]

  private mutating func readShort(_ argument: String) -> Bool {
    var letters = argument.dropFirst()
    while let letter = letters.popFirst() {
      let beginning = String(argument[..<letters.startIndex])
      switch letter {
      case "c", "m":
        if letters.isEmpty {
          needs.append(.whole)
          if let value = next { needs.append(need(of: value, letter)) }
        } else {
          needs.append(Self.joined(beginning, need(of: String(letters), letter)))
        }
        return true
      case "W", "X", "Q":
        let isSeparate = letters.isEmpty
        if isSeparate { needs.append(.whole) }
        if let value = isSeparate ? next : String(letters) {
          let need =
            InterpreterOption.isHarmless(value, of: letter) ? .whole : NeededArgument.nothing
          needs.append(isSeparate ? need : Self.joined(beginning, need))
        }
        return false
      case "V", "h", "?":
        needs.append(letters.isEmpty ? .whole : .beginning(beginning))
        return true
      default:
        if !Self.flags.contains(letter) {
          // The interpreter refuses it. It must stay an option without a value.
          needs.append(.beginning("--"))
          return false
        }
      }
    }
    needs.append(.whole)
    return false
  }

  /// `-b`, `-B` and the like (Python/initconfig.c).
  private static let flags = Set<Character>("bBdEiIJOPqRsStuvx3")

  private static func joined(_ beginning: String, _ need: NeededArgument) -> NeededArgument {
    switch need {
    case .whole: .whole
    case .text(let text): .text(beginning + text)
    case .beginning(let more): .beginning(beginning + more)
    case .nothing: .beginning(beginning)
    }
  }

  private func need(of value: String, _ letter: Character) -> NeededArgument {
    if letter == "m" { return value.isDottedName ? .whole : .nothing }
    guard isWorker else { return .nothing }
    return StarterText(value).map { $0.isWhole ? .whole : .text($0.needed) } ?? .nothing
  }
}
