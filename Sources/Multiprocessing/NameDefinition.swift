package import TraceModel

/// Where a program defines a name of its module, by the program's text.
package enum NameDefinition {
  /// The place of the definition that a worker, which imports the program, doesn't execute; or, if
  /// it executes all, of the first one. nil if there is none.
  package static func find(_ name: String, in source: [UInt8]) -> SourceDefinition.Place? {
    let lines = LogicalLines.of(source)
    let executed = Set(ImportedLines(lines).executed.map(\.number))
    let found = lines.filter { defines(name, $0.code) }
    let place = found.first { !executed.contains($0.number) && $0.indentation > 0 } ?? found.first
    let deletion = lines.last { executed.contains($0.number) && deletes(name, $0.code) }
    guard let line = place else { return nil }
    return SourceDefinition.Place(
      line: line.number, deletedAt: line.indentation == 0 ? deletion?.number : nil)
  }

  private static func defines(_ name: String, _ code: String) -> Bool {
    if PythonLine.functionName(code) == name { return true }
    if code.hasPrefix("class ") {
      return code.dropFirst(6).prefix { !"(:[ ".contains($0) } == name
    }
    guard code.hasPrefix(name) else { return false }
    let rest = code.dropFirst(name.count).drop { $0 == " " }
    return rest.hasPrefix("=") && !rest.hasPrefix("==") || rest.hasPrefix(":") && rest.contains("=")
  }

  private static func deletes(_ name: String, _ code: String) -> Bool {
    code.hasPrefix("del ")
      && code.dropFirst(4).split(whereSeparator: { ", ()".contains($0) }).contains { $0 == name }
  }
}
