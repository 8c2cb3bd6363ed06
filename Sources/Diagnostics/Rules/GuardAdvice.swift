import Analysis
internal import Multiprocessing
import TraceModel

/// How to keep a statement from running again in each worker, in words.
struct GuardAdvice {
  let sentence: Sentence

  init(_ context: FindingContext) {
    let finding = context.finding
    sentence =
      if finding.isExecutable {
        Self.freezeSupport(context)
      } else if !finding.isModuleLevel, let culprit = finding.culprit {
        Self.guardedCall(culprit, context)
      } else if let culprit = finding.culprit {
        finding.isInScript
          ? Self.guardedStatement(culprit, context) : Self.movedStatement(culprit, context)
      } else {
        "start processes in \(context.script) only under \(code: MainGuard.line)"
      }
  }

  private static func freezeSupport(_ context: FindingContext) -> Sentence {
    "call \(code: MainGuard.freezeSupport) first under \(code: MainGuard.line)"
      + (context.finding.isModuleLevel ? "" : " of the main script")
  }

  // MARK: In the script

  private static func guardedStatement(
    _ culprit: SourceLocation, _ context: FindingContext
  ) -> Sentence {
    guard let first = FirstLine(culprit) else {
      let line = culprit.line.map { "line \($0)" } ?? "the line that starts processes"
      let place = culprit.text == nil ? line : "the whole statement that \(line) is in"
      return
        "in \(context.script), put \(place), and the lines below that need it, under "
        + "\(code: MainGuard.line)"
    }
    let statement =
      switch (first.isBlock, first.number) {
      case (false, _): "the statement"
      case (true, let number?): "line \(number) with its block"
      case (true, nil): "the statement with its block"
      }
    return
      "guard \(statement), and the lines below that need it, so that an import skips them"
  }

  // MARK: In another module

  private static func movedStatement(
    _ culprit: SourceLocation, _ context: FindingContext
  ) -> Sentence {
    let name: Sentence =
      context.finding.culpritModule.map { "\"\(module: $0)\"" } ?? "the module's name"
    return
      "a guard in \(path: culprit.path) does not help, because \(code: "__name__") is \(name) there in "
      + "every process: move the statement into a function, and call it under the guard of "
      + "\(context.script)"
  }

  // MARK: In a function

  private static func guardedCall(
    _ culprit: SourceLocation, _ context: FindingContext
  ) -> Sentence {
    let function = context.finding.shownName(of: culprit)
    let isCallable = !function.isEmpty && !function.contains { "<>. ".contains($0) }
    guard isCallable else {
      return
        "find the call that leads here while \(context.script) is imported, and move it under "
        + "\(code: MainGuard.line)"
    }
    let module = context.finding.isInScript ? nil : context.finding.culpritModule
    let name = (module.map { $0 + "." } ?? "") + function
    return
      "call \(function: name)() only under the guard of \(context.script), not in code that an import "
      + "runs"
  }

  // MARK: Statements

  /// The first line of the statement at the margin that is the culprit, or has it in it.
  private struct FirstLine {
    var number: Int?
    /// Whether more lines belong to the statement.
    var isBlock: Bool

    /// nil if the line wasn't read.
    init?(_ culprit: SourceLocation) {
      if let statement = culprit.enclosingStatement {
        number = statement.number
        isBlock = true
        return
      }
      guard let source = culprit.text, PythonLine.isAtMargin(source) else { return nil }
      number = culprit.line
      isBlock = PythonLine.continues(source)
    }
  }
}
