/// The program's text at a frame's line, kept with the event: a replay may lack the file.
package struct SourceExcerpt: Hashable, Sendable {
  /// The line itself.
  package var line: String
  /// The first line of the statement at the margin that `line` belongs to, if that is another line.
  package var statement: Statement?

  /// A statement's first line.
  package struct Statement: Hashable, Sendable {
    package var number: Int
    package var line: String

    package init(number: Int, line: String) {
      self.number = number
      self.line = line
    }
  }

  package init(line: String, statement: Statement? = nil) {
    self.line = line
    self.statement = statement
  }
}
