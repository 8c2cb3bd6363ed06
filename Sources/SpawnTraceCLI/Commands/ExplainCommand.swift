internal import ArgumentParser
internal import Diagnostics
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
    if let rule, RuleCatalogue.find(rule) == nil {
      let names = RuleCatalogue.all.map(\.number).joined(separator: ", ")
      throw ValidationError("there is no rule \(rule); there are \(names)")
    }
  }

  func run() throws {
    if let rule, let description = RuleCatalogue.find(rule) {
      try? StandardOutput.write(ExplanationText.full(description))
      return
    }
    for description in RuleCatalogue.all {
      try? StandardOutput.write(ExplanationText.line(description))
    }
  }
}
