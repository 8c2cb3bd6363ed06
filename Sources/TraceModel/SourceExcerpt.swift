/// The program's text at a frame's line, kept with the event: a replay may lack the file.
package struct SourceExcerpt: Hashable, Sendable {
  /// The line itself.
  package var line: String
  /// The first line of the statement at the margin that `line` belongs to, if that is another line.
  package var statement: Statement?
  /// The file's lines that name a start method in a call which chooses it, trimmed; only the first
  /// `methodLineLimit` of them.
  package var methodLines: [Statement]

  package static let methodLineLimit = 4

  /// A statement's first line.
  package struct Statement: Hashable, Sendable {
    package var number: Int
    package var line: String

    package init(number: Int, line: String) {
      self.number = number
      self.line = line
    }
  }

  package init(line: String, statement: Statement? = nil, methodLines: [Statement] = []) {
    self.line = line
    self.statement = statement
    self.methodLines = methodLines
  }
}
