internal import Analysis
internal import ArgumentParser
internal import Reporting

/// `spawntrace explain`: what a rule means.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "Explain a rule, with an example and what to do.",
    discussion: """
      RULE is a rule's number or name, as in reports: ST101, reexec-cycle. Without it, all rules \
      are listed.

      EXAMPLES
        spawntrace explain
        spawntrace explain ST101
        spawntrace explain respawn-loop
      """)

  @Argument(help: ArgumentHelp("A rule's number or name.", valueName: "rule"))
  var rule: String?

  func validate() throws {
    if let rule, Explanation.of(rule) == nil {
      let names = Explanation.all.map(\.rule.rawValue).joined(separator: ", ")
      throw ValidationError("there is no rule \(rule); there are \(names)")
    }
  }

  func run() throws {
    if let rule, let explanation = Explanation.of(rule) {
      print(explanation.text, terminator: "")
      return
    }
    for explanation in Explanation.all {
      let kind = explanation.rule.kind
      let space = String(repeating: " ", count: max(1, 20 - kind.count))
      print("\(explanation.rule.rawValue)  \(kind)\(space)\(explanation.summary)")
    }
  }
}
