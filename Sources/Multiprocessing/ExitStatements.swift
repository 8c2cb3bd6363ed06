internal import Bytes
package import TraceModel

/// The statements of a program that can end the interpreter when a worker imports it, by the
/// program's text alone.
///
/// Any call can raise SystemExit. These say so: a call of `sys.exit` and its like, `raise
/// SystemExit`, `unittest.main()`, a parser's `parse_args()`, `typer.run()`, `fire.Fire()`; and calls
/// of the program's own functions that contain one, or that a decorator may have made a command.
package enum ExitStatements {
  /// More are not worth their room: a report names one line, or none.
  private static let limit = 16

  /// The statements in their order, up to the first that always ends the interpreter. Nothing under
  /// `if __name__ == "__main__":` is among them.
  package static func find(in source: [UInt8]) -> [SourceExcerpt.Statement] {
    // Most programs contain none of the words.
    let isWorthReading = source.withUnsafeBytes { bytes in
      words.contains { bytes.contains($0) }
    }
    guard isWorthReading else { return [] }
    let program = ImportedLines(LogicalLines.of(source))
    let texts = source.split(separator: 0x0a, omittingEmptySubsequences: false)
    let functions = ownFunctions(of: program)
    var found: [SourceExcerpt.Statement] = []
    for line in program.executed where found.count < limit {
      guard canEnd(line.code, functions) else { continue }
      let text = texts.indices.contains(line.number - 1) ? texts[line.number - 1] : []
      found.append(.init(number: line.number, line: shown(text)))
      if line.indentation == 0, alwaysEnds(line.code) { break }
    }
    return found
  }

  private static let words: [StaticString] = [
    "exit", "quit(", "SystemExit", "unittest", "parse_", "typer", "Fire(", "@",
  ]
  private static let lineLimit = 500

  private static func shown(_ text: ArraySlice<UInt8>) -> String {
    let text = text.last == 0x0d ? text.dropLast() : text
    return String(decoding: text.prefix(lineLimit), as: UTF8.self)
  }

  // MARK: Calls

  /// Calls that end the interpreter, or may: what stands before the bracket.
  private static let calls: [String] = [
    "exit", "quit", "_exit", "SystemExit", "unittest.main", "parse_args", "parse_known_args",
    "parse_intermixed_args", "typer.run", "Fire",
  ]

  private static func canEnd(_ code: String, _ functions: Set<String>) -> Bool {
    if code.hasPrefix("import ") || code.hasPrefix("from ") { return false }
    if code.contains("raise SystemExit") { return true }
    return calls.contains { isCalled($0, in: code) }
      || functions.contains { isCalled($0, in: code) }
  }

  /// Whether a line calls a function of this name itself: not in a `lambda`, which runs later.
  private static func isCalled(_ name: String, in code: String) -> Bool {
    let bytes = Array(code.utf8)
    let call = Array(name.utf8) + [UInt8(ascii: "(")]
    let isDotted = name.utf8.contains(UInt8(ascii: "."))
    var start = 0
    while start + call.count <= bytes.count {
      defer { start += 1 }
      guard bytes[start] == call[0], bytes[start..<(start + call.count)].elementsEqual(call) else {
        continue
      }
      let before = start > 0 ? bytes[start - 1] : UInt8(ascii: " ")
      if PythonName.contains(before) || isDotted && before == UInt8(ascii: ".") { continue }
      let lead = String(decoding: bytes[..<start], as: UTF8.self)
      if lead.contains("lambda") { continue }
      if name == "unittest.main", code.contains("exit=False") { continue }
      return true
    }
    return false
  }

  private static let endings = [
    "sys.exit(", "exit(", "quit(", "os._exit(", "raise SystemExit", "unittest.main(",
  ]

  private static func alwaysEnds(_ code: String) -> Bool {
    endings.contains { code.hasPrefix($0) }
  }

  // MARK: The program's own functions

  /// The names that may end the interpreter when they are called: functions that contain such a call, directly or
  /// through others, those with a decorator, and what an import has brought from unittest.
  private static func ownFunctions(of program: ImportedLines) -> Set<String> {
    var names = program.decorated
    for line in program.executed {
      if line.code.hasPrefix("from unittest import "), line.code.contains("main") {
        names.insert("main")
      }
      if let name = assignedCall(line.code) { names.insert(name) }
    }
    // A call that leads to another one, and so on: few steps are needed.
    for _ in 0..<8 {
      let more = program.bodies.filter { name, lines in
        !names.contains(name) && lines.contains { canEnd($0, names) }
      }
      if more.isEmpty { break }
      names.formUnion(more.keys)
    }
    return names
  }

  /// The name in `app = typer.Typer()`: an object of a command line's library, which is called.
  private static func assignedCall(_ code: String) -> String? {
    guard let equals = code.firstIndex(of: "="), equals > code.startIndex else { return nil }
    let name = code[..<equals].filter { $0 != " " }
    let value = code[code.index(after: equals)...]
    guard !name.isEmpty, name.utf8.allSatisfy(PythonName.contains), value.hasSuffix("()") else {
      return nil
    }
    return name
  }
}

// What one statement's text says.
extension ExitStatements {
  /// The call that ends the interpreter in a line, for a sentence: `unittest.main()`; nil if the
  /// line doesn't show it.
  package static func call(in line: String) -> String? {
    let names = [
      "unittest.main", "parse_args", "parse_known_args", "parse_intermixed_args", "os._exit",
      "sys.exit", "typer.run", "fire.Fire", "exit", "quit",
    ]
    let code = LogicalLines.of(Array(line.utf8)).first?.code ?? ""
    if code.contains("raise SystemExit") { return "raise SystemExit" }
    return names.first { name in
      isCalled(name, in: code)
        || isCalled(String(name.split(separator: ".").last ?? ""), in: code)
          && !name.contains(".")
    }.map { $0 + "()" }
  }

  /// The status that a line exits with, if the line says it: 2 for `sys.exit(2)`, 1 for a message.
  /// A parser ends with 2; with 0 only for `--help`, which the first process had, too.
  package static func status(of line: String) -> Int32? {
    let code = LogicalLines.of(Array(line.utf8)).first?.code ?? ""
    if ["parse_args", "parse_known_args", "parse_intermixed_args"].contains(where: {
      isCalled($0, in: code)
    }) {
      return 2
    }
    for call in ["exit(", "quit(", "SystemExit("] {
      guard let range = code.firstRange(of: call) else { continue }
      let argument = code[range.upperBound...].prefix { $0 != ")" && $0 != "(" }
      let isWhole = code[range.upperBound...].dropFirst(argument.count).first == ")"
      guard isWhole else { return nil }
      if argument.isEmpty || argument == "None" { return 0 }
      if argument.hasPrefix("\"") || argument.hasPrefix("f\"") { return 1 }
      return Int32(argument)
    }
    return nil
  }
}
