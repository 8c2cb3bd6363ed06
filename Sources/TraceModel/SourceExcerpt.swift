/// The program's text at a frame's line, kept with the event: a replay may lack the file.
package struct SourceExcerpt: Hashable, Sendable {
  /// The line itself.
  package var line: String
  /// nil if there is nothing else: frames are copied often.
  private var context: Context?

  /// A statement's first line, or another line of the file.
  package struct Statement: Hashable, Sendable {
    package var number: Int
    package var line: String

    package init(number: Int, line: String) {
      self.number = number
      self.line = line
    }
  }

  private final class Context: Hashable, Sendable {
    let statement: Statement?
    let methodLines: [Statement]

    init(_ statement: Statement?, _ methodLines: [Statement]) {
      self.statement = statement
      self.methodLines = methodLines
    }

    static func == (one: Context, other: Context) -> Bool {
      one.statement == other.statement && one.methodLines == other.methodLines
    }

    func hash(into hasher: inout Hasher) {
      hasher.combine(statement)
    }
  }

  package static let methodLineLimit = 4

  package init(line: String, statement: Statement? = nil, methodLines: [Statement] = []) {
    self.line = line
    setContext(statement, methodLines)
  }

  /// The first line of the statement at the margin that `line` belongs to, if that is another line.
  package var statement: Statement? {
    get { context?.statement }
    set { setContext(newValue, methodLines) }
  }

  /// The file's lines that name a start method in a call which chooses it, trimmed; only the first
  /// `methodLineLimit` of them.
  package var methodLines: [Statement] {
    get { context?.methodLines ?? [] }
    set { setContext(statement, newValue) }
  }

  private mutating func setContext(_ statement: Statement?, _ methodLines: [Statement]) {
    context =
      statement == nil && methodLines.isEmpty ? nil : Context(statement, methodLines)
  }
}
