internal import JSON
internal import TraceModel

// The program's text in events.
extension SourceExcerpt.Statement {
  /// An element of `exits` and `methods`.
  init?(_ value: JSONValue) {
    guard let number: Int = value.member("line")?.integer(),
      let line = value.member("source")?.text
    else { return nil }
    self.init(number: number, line: line)
  }
}

extension SourceDefinition {
  /// The value of `def`.
  convenience init?(_ value: JSONValue) {
    guard let path = value.member("path")?.text, let line: Int = value.member("line")?.integer()
    else { return nil }
    let source = value.member("source")?.text.map { text in
      var excerpt = SourceExcerpt(line: text)
      if let number: Int = value.member("stmtline")?.integer(),
        let statement = value.member("stmt")?.text
      {
        excerpt.statement = .init(number: number, line: statement)
      }
      return excerpt
    }
    self.init(
      path: path, place: Place(line: line, deletedAt: value.member("deleted")?.integer()),
      source: source)
  }
}
