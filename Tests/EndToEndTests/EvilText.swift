import Foundation

/// Text that acts on a terminal or in the log of a CI job if it is printed as it is.
enum EvilText {
  /// Sequences that colour, retitle and clear, C1, characters that hide or reorder text.
  static let controls =
    "\u{1B}[31mE\u{1B}]0;T\u{7}\u{9B}31m\u{85}\u{202E}\u{2066}\u{200F}\u{FEFF}\u{2028}\u{2029}\u{7F}"

  /// Commands of GitHub, Azure, GitLab, TeamCity, Buildkite and Travis.
  static let commands = [
    "::error::PWN", "##[error]PWN", "##vso[task.complete result=Failed;]PWN",
    "section_start:1:PWN", "##teamcity[buildStop comment='PWN']", "--- PWN", "+++ PWN", "~~~ PWN",
    "^^^ +++", "travis_fold:start:PWN",
  ]

  /// All of it, as one line.
  static let line = controls + commands.joined(separator: " ")

  /// All of it; each command begins a line.
  static let lines =
    controls + "\r\n"
    + commands.map { $0 + ($0.contains("_") ? "\r\u{1B}[0K" : "") + "\n" }.joined()

  /// A value with such text behind it.
  static func behind(_ value: String) -> String { value + lines }

  /// Text in a value's place, which is a command if it begins a line.
  static func instead(_ value: String) -> String { "::error::PWN##vso[a.b]PWN" }

  /// What is wrong with an output; empty if nothing in it acts.
  ///
  /// - Parameter isColored: Whether sequences that colour are ours.
  static func faults(in output: Data, isColored: Bool = false) -> [String] {
    guard var text = String(validating: output, as: UTF8.self) else { return ["it is no UTF-8"] }
    if isColored { text = text.replacing(/\u{1B}\[[0-9;]*m/, with: "") }
    return text.unicodeScalars.split(separator: "\n").flatMap { faults(inLine: String($0)) }
  }

  private static func faults(inLine line: String) -> [String] {
    var faults: [String] = []
    for scalar in line.unicodeScalars where scalar != "\t" && !isShown(scalar) {
      faults.append("U+\(String(scalar.value, radix: 16)) in \(line.debugDescription)")
      break
    }
    // The comparisons of .NET, in which CI systems are written, pass over these.
    let visible = String(
      String.UnicodeScalarView(
        line.unicodeScalars.filter { $0.isASCII || !$0.properties.isDefaultIgnorableCodePoint }))
    let isHeader = visible.contains(/^(--- "?a\/|\+\+\+ "?b\/)/)
    if visible.contains(/^\s*::[A-Za-z]/) || visible.contains(/##[A-Za-z]*\[/)
      || visible.contains(/section_(start|end):|travis_(fold|time):/)
      || !isHeader && visible.contains(/^(---|\+\+\+|~~~|\^\^\^)(\s|$)/)
    {
      faults.append("a command in \(line.debugDescription)")
    }
    return faults
  }

  private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .lineSeparator, .paragraphSeparator: false
    case .format: scalar == "\u{200C}" || scalar == "\u{200D}"
    default: true
    }
  }
}
