package import Analysis
internal import Multiprocessing
package import TraceModel

extension SourceLocation {
  package var place: Place { Place(path: path, line: line) }

  /// The program's text at the line; nil if it wasn't read or is blank.
  package var text: String? {
    let line = source?.line ?? ""
    return PythonLine.trimmed(line).isEmpty ? nil : line
  }

  /// The first line of the statement at the margin that this line belongs to; nil if it is this line.
  package var enclosingStatement: SourceExcerpt.Statement? {
    guard let line, let statement = source?.statement, (1..<max(line, 1)).contains(statement.number)
    else { return nil }
    return statement
  }
}
