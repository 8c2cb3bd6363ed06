import Analysis
import TraceModel

/// What to change, in words and as a small diff.
struct CycleFix {
  /// One line of the diff, or what stands between its lines.
  enum Line {
    case file(String)
    case context(String)
    case removed(Int?, String)
    case added(Int?, String)
    /// The rest of a block that goes along.
    case rest(String)
  }

  let advice: String
  let lines: [Line]

  private static let indent = "    "
  private static let guardLine = CycleSentences.guardLine

  init(_ context: FindingContext) {
    if !context.isModuleLevel, context.finding.culprit != nil {
      self = Self.guardedCall(context)
    } else if context.finding.culprit == nil || context.isInScript {
      self = Self.guardedStatement(context)
    } else {
      self = Self.movedStatement(context)
    }
  }

  private init(_ advice: String, _ lines: [Line] = []) {
    self.advice = advice
    self.lines = lines
  }

  /// The numbers of the lines that the diff shows.
  var numbers: [Int] { Self.numbers(lines) }

  static func numbers(_ lines: [Line]) -> [Int] {
    lines.compactMap { line in
      switch line {
      case .removed(let number, _), .added(let number, _): number
      default: nil
      }
    }
  }

  // MARK: In the script

  private static func guardedStatement(_ context: FindingContext) -> CycleFix {
    guard let culprit = context.finding.culprit else {
      return CycleFix(
        "let \(context.scriptName) start processes only under `\(guardLine)`")
    }
    guard let first = firstLine(context) else {
      let line = culprit.line.map { "line \($0)" } ?? "the line that starts processes"
      let place = context.culpritSource == nil ? line : "the whole statement that \(line) is in"
      return CycleFix(
        "in \(context.scriptName), put \(place), and the lines below that need it, "
          + "under `\(guardLine)`")
    }
    if context.enclosingStatement != nil, first.text.contains("__name__") {
      return CycleFix(
        "let the condition hold in the first process alone",
        [.removed(first.number, first.text), .added(first.number, guardLine)])
    }
    let advice =
      switch (first.isBlock, first.number) {
      case (false, _):
        "guard the statement, and the lines below that need it, so that an import skips them"
      case (true, let number?):
        "guard line \(number) with its block, and the lines below that need it, so that an "
          + "import skips them"
      case (true, nil):
        "guard the statement with its block, and the lines below that need it, so that an "
          + "import skips them"
      }
    return CycleFix(
      advice,
      [.removed(first.number, first.text), .added(first.number, guardLine)]
        + moved(first, below: first.number))
  }

  // MARK: In another module

  private static func movedStatement(_ context: FindingContext) -> CycleFix {
    let module = context.culpritModule.map { context.style.printable($0) }
    let shown = module.map { "\"\(context.style.clippedInMiddle($0, to: 24))\"" }
    let file = context.finding.culprit.map { context.paths.short($0.path, to: 24) } ?? "this module"
    let advice =
      "a guard in \(file) would not help, `__name__` is \(shown ?? "the module's name") there in "
      + "every process: make the statement a function that \(context.scriptName) calls under its guard"
    guard let first = firstLine(context) else {
      return CycleFix(advice)
    }
    let head: [Line] = [
      .removed(first.number, first.text), .added(first.number, "def start_workers():"),
    ]
    let prefix = module.map { "\($0)." } ?? ""
    return CycleFix(
      advice,
      head + moved(first, below: first.number) + call("\(prefix)start_workers()", context))
  }

  // MARK: In a function

  private static func guardedCall(_ context: FindingContext) -> CycleFix {
    let function = context.style.printable(
      context.finding.culprit.map(context.finding.shownName) ?? "")
    let isCallable = !function.isEmpty && !function.contains { "<>. ".contains($0) }
    guard isCallable else {
      return CycleFix(
        "find what leads here while \(context.scriptName) is imported, and call it from under "
          + "`\(guardLine)` alone")
    }
    let module = context.isInScript ? nil : context.culpritModule
    let prefix = module.map { context.style.printable($0) + "." } ?? ""
    let name = context.style.clippedAtEnd(prefix + function, to: 40)
    return CycleFix(
      "nothing that is imported may call \(name)(): call it under the guard of "
        + "\(context.scriptName) alone",
      call("\(prefix)\(function)()", context))
  }

  /// The script with `statement` under its guard.
  private static func call(_ statement: String, _ context: FindingContext) -> [Line] {
    [.file(context.scriptName), .context(guardLine), .added(nil, indent + statement)]
  }

  // MARK: Statements

  private struct FirstLine {
    var number: Int?
    var text: String
    /// Whether more lines belong to the statement.
    var isBlock: Bool
  }

  /// The first line of the statement at the margin that is the culprit, or has it in it; nil where
  /// that was not read.
  private static func firstLine(_ context: FindingContext) -> FirstLine? {
    if let statement = context.enclosingStatement {
      return FirstLine(
        number: statement.number, text: code(statement.line, context), isBlock: true)
    }
    guard let source = context.culpritSource, PythonLine.isAtMargin(source) else { return nil }
    return FirstLine(
      number: context.finding.culprit?.line, text: code(source, context),
      isBlock: PythonLine.continues(source))
  }

  private static func code(_ line: String, _ context: FindingContext) -> String {
    context.style.printable(PythonLine.trimmed(line))
  }

  /// The statement one level further in, below the line `number`.
  private static func moved(_ first: FirstLine, below number: Int?) -> [Line] {
    let line = Line.added(number.map { $0 &+ 1 }, indent + first.text)
    return first.isBlock ? [line, .rest(indent + indent + "...")] : [line]
  }
}
