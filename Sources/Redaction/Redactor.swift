internal import Multiprocessing
internal import TraceModel

/// Removes secrets from what is recorded and reported.
///
/// Arguments that the analysis doesn't need are left out, whatever they are. What is kept, and every
/// path, text and line of a program, loses the values of variables with a secret's name, wherever they
/// occur; values that follow such a name; tokens, which are known by their form; and passwords in URLs.
package final class Redactor {
  package static let mark = "[redacted]"

  private var values = SecretValues()
  private let hider: ArgumentHider
  private let keepsArguments: Bool
  /// Paths and lines of programs repeat.
  private var paths = RedactedTexts()
  private var lines = RedactedTexts()

  /// - Parameters:
  ///   - environment: The environment of spawntrace, which the traced program inherits.
  ///   - hider: Makes the hashes of what is left out.
  ///   - keepsArguments: Whether to keep all arguments, without secrets.
  package init(
    environment: [(name: String, value: String)], hiding hider: ArgumentHider,
    keepsArguments: Bool = false
  ) {
    self.hider = hider
    self.keepsArguments = keepsArguments
    add(
      environment.filter {
        $0.value.utf8.count >= SecretValues.shortest && SecretNames.contains($0.name)
          && !SecretValues.isPath($0.value)
      }.map(\.value))
  }

  /// Whether a variable's value is a secret, by its name.
  package static func isSecret(_ name: String) -> Bool { SecretNames.contains(name) }

  private func add(_ secrets: [String]) {
    guard values.add(secrets) else { return }
    paths = RedactedTexts()
    lines = RedactedTexts()
  }

  /// Whether a value is none of the words that texts and paths are full of.
  private static func isDrawn(_ value: String) -> Bool {
    value.utf8.count >= SecretValues.shortest && !SecretValues.isPath(value)
      && (value.utf8.count >= 12
        || value.utf8.contains { (0x30...0x39).contains($0) }
          && value.utf8.contains { !(0x30...0x39).contains($0) })
  }

  // MARK: Redacting

  /// Returns a command line without its secrets.
  ///
  /// - Parameter executable: The program's file; nil for a command that a person has typed.
  package func arguments(_ arguments: [String], of executable: String?) -> [String] {
    let secrets = ArgumentSecrets(arguments, mark: Self.mark)
    // What was given as a secret is one in every later text.
    let drawn = secrets.values.filter(Self.isDrawn)
    if !drawn.isEmpty { add(drawn) }
    if keepsArguments { return secrets.redacted.map { text($0) } }
    return hider.hidden(arguments, of: executable) { text($0) }
  }

  /// A hash of an environment that can't be checked against a guess.
  func hashed(_ environment: EnvironmentDigest) -> EnvironmentDigest {
    hider.hidden(environment)
  }

  /// Returns a text without its secrets.
  package func text(_ text: String) -> String {
    Self.redacted(withoutValues(text)) { SecretFinder.ranges(in: $0) }
  }

  /// The same for what a program has written, perhaps a traceback.
  func written(_ text: String) -> String {
    Self.redacted(withoutValues(text)) { SecretFinder.ranges(inWritten: $0) }
  }

  /// Returns a line of a program without known secrets, without tokens, and without the literals beside
  /// a secret's name. Other values aren't secret because of a variable's name: `key=` is ordinary code.
  package func source(_ text: String) -> String {
    lines.redacted(text) {
      NeededArguments.starter($0)
        ?? Self.redacted(withoutValues($0)) { SecretFinder.ranges(inSource: $0) }
    }
  }

  /// Returns a path, or a name in a program, without known secrets, tokens, passwords in URLs, and what
  /// stands behind a secret's name and `=` in it.
  package func path(_ text: String) -> String {
    paths.redacted(text) {
      Self.redacted(withoutValues($0)) { SecretFinder.ranges(inPath: $0) }
    }
  }

  private static func redacted(
    _ text: String, _ find: ([UInt8]) -> [Range<Int>]?
  ) -> String {
    var bytes = Array(text.utf8)
    var isChanged = false
    // What stood behind one secret may show only now as another one. What is redacted stays as it is.
    for _ in 0..<rounds {
      let ranges = find(bytes)?.filter { !bytes.isMark($0, mark) } ?? []
      if ranges.isEmpty { break }
      bytes = bytes.replacing(ranges, with: mark)
      isChanged = true
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  private static let rounds = 4

  private func withoutValues(_ text: String) -> String {
    values.removed(from: text, mark: Self.mark)
  }
}
