import Analysis
internal import Multiprocessing
import TraceModel

/// How to keep a statement from running again in each worker: in words, and as edits.
struct GuardFix {
  let advice: Sentence
  let fix: Fix?

  private static let indent = "    "

  init(_ context: FindingContext) {
    if context.isExecutable {
      self = Self.freezeSupport(context)
    } else if !context.isModuleLevel, let culprit = context.finding.culprit {
      self = Self.guardedCall(culprit, context)
    } else if let culprit = context.finding.culprit {
      self =
        context.isInScript
        ? Self.guardedStatement(culprit, context) : Self.movedStatement(culprit, context)
    } else {
      self.init("start processes in \(context.script) only under \(code: MainGuard.line)")
    }
  }

  private init(_ advice: Sentence, _ edits: [Fix.Edit] = []) {
    self.advice = advice
    // Lines below that need the statement's result aren't in the edits.
    fix = edits.isEmpty ? nil : Fix(edits: edits, applicability: .needsReview)
  }

  // MARK: In a frozen program

  private static func freezeSupport(_ context: FindingContext) -> GuardFix {
    let call = MainGuard.freezeSupport
    let advice: Sentence =
      "call \(code: call) first under \(code: MainGuard.line)\(context.isModuleLevel ? "" : " of the main script")"
    guard let statement = context.finding.culprit?.enclosingStatement,
      statement.line.contains("__name__"), let path = context.finding.culprit?.path
    else { return GuardFix(advice) }
    return GuardFix(
      advice,
      [
        Fix.Edit(
          path: path, firstLine: statement.number + 1, replacement: [indent + call],
          extent: .below(PythonLine.trimmed(statement.line)))
      ])
  }

  // MARK: In the script

  private static func guardedStatement(
    _ culprit: SourceLocation, _ context: FindingContext
  ) -> GuardFix {
    guard let first = FirstLine(culprit) else {
      let line = culprit.line.map { "line \($0)" } ?? "the line that starts processes"
      let place = culprit.text == nil ? line : "the whole statement that \(line) is in"
      return GuardFix(
        "in \(context.script), put \(place), and the lines below that need it, under "
          + "\(code: MainGuard.line)")
    }
    if culprit.enclosingStatement != nil, first.text.contains("__name__") {
      return GuardFix(
        "make the condition true only in the first process",
        [
          Fix.Edit(
            path: culprit.path, firstLine: first.number, original: [first.text],
            replacement: [MainGuard.line], extent: .complete)
        ])
    }
    let statement =
      switch (first.isBlock, first.number) {
      case (false, _): "the statement"
      case (true, let number?): "line \(number) with its block"
      case (true, nil): "the statement with its block"
      }
    return GuardFix(
      "guard \(statement), and the lines below that need it, so that an import skips them",
      [first.moved(below: MainGuard.line, in: culprit.path)])
  }

  // MARK: In another module

  private static func movedStatement(
    _ culprit: SourceLocation, _ context: FindingContext
  ) -> GuardFix {
    let module = context.culpritModule
    let name: Sentence = module.map { "\"\(module: $0)\"" } ?? "the module's name"
    let advice: Sentence =
      "a guard in \(path: culprit.path) does not help, because \(code: "__name__") is \(name) there in "
      + "every process: move the statement into a function, and call it under the guard of "
      + "\(context.script)"
    guard let first = FirstLine(culprit) else { return GuardFix(advice) }
    let prefix = module.map { "\($0)." } ?? ""
    return GuardFix(
      advice,
      [
        first.moved(below: "def start_workers():", in: culprit.path),
        call("\(prefix)start_workers()", context),
      ])
  }

  // MARK: In a function

  private static func guardedCall(
    _ culprit: SourceLocation, _ context: FindingContext
  ) -> GuardFix {
    let function = context.finding.shownName(of: culprit)
    let isCallable = !function.isEmpty && !function.contains { "<>. ".contains($0) }
    guard isCallable else {
      return GuardFix(
        "find the call that leads here while \(context.script) is imported, and move it under "
          + "\(code: MainGuard.line)")
    }
    let module = context.isInScript ? nil : context.culpritModule
    let name = (module.map { $0 + "." } ?? "") + function
    return GuardFix(
      "call \(function: name)() only under the guard of \(context.script), not in code that an import "
        + "runs",
      [call("\(name)()", context)])
  }

  /// Puts `statement` under the script's guard.
  private static func call(_ statement: String, _ context: FindingContext) -> Fix.Edit {
    Fix.Edit(
      path: context.finding.script?.path, replacement: [indent + statement],
      extent: .below(MainGuard.line))
  }

  // MARK: Statements

  /// The first line of the statement at the margin that is the culprit, or has it in it.
  private struct FirstLine {
    var number: Int?
    var text: String
    /// Whether more lines belong to the statement.
    var isBlock: Bool

    /// nil if the line wasn't read.
    init?(_ culprit: SourceLocation) {
      if let statement = culprit.enclosingStatement {
        number = statement.number
        text = PythonLine.trimmed(statement.line)
        isBlock = true
        return
      }
      guard let source = culprit.text, PythonLine.isAtMargin(source) else { return nil }
      number = culprit.line
      text = PythonLine.trimmed(source)
      isBlock = PythonLine.continues(source)
    }

    /// The statement one level further in, below `head`.
    func moved(below head: String, in path: String) -> Fix.Edit {
      Fix.Edit(
        path: path, firstLine: number, original: [text],
        replacement: [head, GuardFix.indent + text], extent: isBlock ? .firstLines : .complete)
    }
  }
}
