internal import Bytes

/// Commands that CI systems find in the log of a job.
///
/// - GitHub obeys `::name ...::` at the beginning of a line, behind white space, and `##[name]`
///   anywhere (actions/runner: `ActionCommand.TryParseV2`, `TryParse`). It compares by .NET's cultural
///   rules, which ignore some invisible characters.
/// - Azure Pipelines obeys `##vso[area.event]` anywhere (azure-pipelines-agent: `Command.TryParse`),
///   and formats lines with `##[...]`.
/// - TeamCity obeys `##teamcity[...]`, which its readers look for anywhere in a line.
/// - GitLab and Travis fold what is between `section_start:1:name`, `travis_fold:start:name` and their
///   ends, anywhere. The carriage return that these need is escaped, too.
/// - Buildkite takes a line that begins with `---`, `+++`, `~~~` or `^^^` and a blank for the head of a
///   group.
enum LogCommand {
  /// Returns where a line's characters must be escaped for no CI system to find a command in it: indices
  /// of Unicode scalars, ascending.
  static func beginnings(in line: String) -> [Int] {
    guard mayHaveOne(line) else { return [] }
    let visible = line.unicodeScalars.enumerated().filter { isVisible($0.element) }
    let scalars = visible.map(\.element)[...]
    var result: [Int] = []
    if beginsGroup(scalars) { result.append(0) }
    let start = scalars.firstIndex { !$0.properties.isWhitespace } ?? scalars.endIndex
    for index in scalars.indices {
      let rest = scalars[index...]
      guard index == start && isWorkflowCommand(rest) || isServiceMessage(rest) || isFold(rest)
      else { continue }
      if result.last != visible[index].offset { result.append(visible[index].offset) }
    }
    return result
  }

  private typealias Scalars = ArraySlice<Unicode.Scalar>

  /// Whether the line is worth a closer look: hardly any is.
  private static func mayHaveOne(_ line: String) -> Bool {
    if line.utf8.contains(UInt8(ascii: "#")) || line.containsBytes("section_")
      || line.containsBytes("travis_")
    {
      return true
    }
    let first = line.unicodeScalars.first { !$0.properties.isWhitespace && isVisible($0) }
    return first.map { "-+~^:".unicodeScalars.contains($0) } == true
  }

  private static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII || !scalar.properties.isDefaultIgnorableCodePoint
  }

  private static func beginsGroup(_ line: Scalars) -> Bool {
    guard let first = line.first, "-+~^".unicodeScalars.contains(first) else { return false }
    let mark = line.prefix(3)
    let next = line.dropFirst(3).first
    return mark.count == 3 && mark.allSatisfy { $0 == first }
      && next.map(\.properties.isWhitespace) != false
  }

  /// `::name`
  private static func isWorkflowCommand(_ text: Scalars) -> Bool {
    text.starts(with: "::".unicodeScalars) && text.dropFirst(2).first.map(isLetter) == true
  }

  /// `##[`, or the same with a name before the bracket.
  private static func isServiceMessage(_ text: Scalars) -> Bool {
    text.starts(with: "##".unicodeScalars)
      && text.dropFirst(2).drop(while: isLetter).first == "["
  }

  private static func isFold(_ text: Scalars) -> Bool {
    switch text.first {
    case "s":
      ["section_start:", "section_end:"].contains { text.starts(with: $0.unicodeScalars) }
    case "t": ["travis_fold:", "travis_time:"].contains { text.starts(with: $0.unicodeScalars) }
    default: false
    }
  }

  private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    scalar.isASCII && scalar.properties.isAlphabetic
  }
}
