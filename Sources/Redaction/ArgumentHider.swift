internal import Multiprocessing
internal import TraceModel

/// Puts keyed hashes in the place of the arguments that no analysis needs.
package final class ArgumentHider {
  package let key: RecordingKey
  /// What changes by itself in an argument, as a person types it and as a program makes it.
  private let changing: (typed: ChangingText, free: ChangingText)
  private let isCompared: Bool
  /// A run has the same few arguments again and again.
  private var known: [String: String] = [:]
  private static let knownLimit = 4096

  /// - Parameters:
  ///   - folders: The folders of the run.
  ///   - temporaryFolders: Those of its temporary files, in addition to the usual ones.
  ///   - isCompared: Whether another run may be compared with this one.
  package init(
    _ key: RecordingKey, folders: [String] = [], temporaryFolders: [String] = [],
    isCompared: Bool = true
  ) {
    self.key = key
    self.isCompared = isCompared
    let roots = ChangingText.roots(folders, temporaryFolders: temporaryFolders)
    changing = (ChangingText(roots: roots, isTyped: true), ChangingText(roots: roots))
  }

  /// Returns the arguments with hashes in the place of those that aren't needed.
  ///
  /// - Parameters:
  ///   - executable: The program's file; nil for a command that a person has typed.
  ///   - shown: Makes what is shown of a needed argument.
  func hidden(
    _ arguments: [String], of executable: String?, shown: (String) -> String
  ) -> [String] {
    // A text of `-c` with other numbers may be the same program.
    let hasPatterns = isCompared || PythonCommandLine(arguments).isText
    return zip(arguments, NeededArguments.all(of: arguments, executable: executable)).map {
      argument, need in
      switch need {
      case .whole: shown(argument)
      case .text(let text): shown(text)
      case .beginning(let beginning): hash(argument, beginning, hasPatterns)
      case .nothing: hash(argument, "", hasPatterns)
      }
    }
  }

  /// A hash of an environment, of which a recording must not have one without a key.
  func hidden(_ environment: EnvironmentDigest) -> EnvironmentDigest {
    EnvironmentDigest(rawValue: key.hash(of: environment.description))
  }

  /// A hash of a variable's value, the same for checkouts in different folders. Equal values of other
  /// variables, some of which anybody knows, have another hash.
  package func hash(ofValue value: String, of name: String) -> String {
    HiddenArgument.text(name + "=" + changing.typed.pattern(value)) { key.hash(of: $0) }
  }

  private func hash(_ argument: String, _ beginning: String, _ hasPatterns: Bool) -> String {
    let name = (hasPatterns ? "+" : "-") + beginning + "\0" + argument
    if let known = known[name] { return known }
    var patterns: [String] = []
    if hasPatterns {
      let free = changing.free.pattern(argument)
      patterns = [changing.typed.pattern(argument), free, ChangingText.withoutNumbers(free)]
    }
    let text = HiddenArgument.text(argument, beginning: beginning, patterns: patterns) {
      key.hash(of: "\0" + $0)
    }
    if known.count >= Self.knownLimit { known = [:] }
    known[name] = text
    return text
  }
}

extension PythonCommandLine {
  /// Whether it has the program's text, as with `-c`.
  fileprivate var isText: Bool {
    if case .command = target { true } else { false }
  }
}
