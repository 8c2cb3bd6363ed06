// Reads hostile bytes as a Python file, and makes the edit for each of its statements. An edited text must be as
// readable as the file was, and have its tokens, but for annotations.
@testable import PythonSource

/// libFuzzer calls this for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = Array(UnsafeRawBufferPointer(start: start, count: count))
  let file = PythonFile(bytes)
  for statement in file.statements {
    precondition(statement.firstLine <= statement.lastLine)
    precondition(statement.lastLine <= file.lineCount)
    check(file.guardEdit(forLine: statement.lastLine), of: file)
    checkFunction(file, line: statement.lastLine)
  }
  check(file.guardEdit(forLine: 0), of: file)
  check(file.freezeEdit(forLine: nil), of: file)
  check(file.freezeEdit(forLine: file.statements.last?.firstLine), of: file)
  return 0
}

/// The module is imported by itself: what its function binds comes later there, too.
private func checkFunction(_ file: PythonFile, line: Int) {
  var function = StartFunction(module: "a.b", name: "start_workers")
  if case .edit(let module) = file.functionEdit(forLine: line) {
    check(.edit(module.edit), of: file, annotations: true)
    function.name = module.function
    function.names = module.names
  }
  check(file.callEdit(importLine: line, calling: function), of: file)
  if case .edit(let module) = file.functionEdit(importLine: line, calling: function) {
    check(.edit(module.edit), of: file, annotations: true)
  }
}

private func check(_ proposal: GuardProposal, of file: PythonFile, annotations: Bool = false) {
  guard case .edit(let edit) = proposal else { return }
  var line = 1
  for one in edit.edits {
    precondition(one.startLine >= line && one.endLine >= one.startLine - 1)
    precondition(one.endLine <= file.lineCount)
    let isWhole = one.replacement.last.map { $0 == 0x0a || $0 == 0x0d } ?? true
    precondition(isWhole || one.endLine == file.lineCount)
    line = one.endLine + 1
  }
  let edited = PythonFile(edit.applied(to: file))
  precondition(edited.isWhole)
  precondition(edited.hasByteOrderMark == file.hasByteOrderMark)
  precondition(annotations || edited.list.tokens.count >= file.list.tokens.count)
}
