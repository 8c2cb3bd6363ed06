// Reads hostile bytes as a Python file, and makes the edit for each of its statements. An edited text must be as
// readable as the file was, and have its tokens.
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
  }
  check(file.guardEdit(forLine: 0), of: file)
  check(file.freezeEdit(forLine: nil), of: file)
  check(file.freezeEdit(forLine: file.statements.last?.firstLine), of: file)
  return 0
}

private func check(_ proposal: GuardProposal, of file: PythonFile) {
  guard case .edit(let edit) = proposal else { return }
  var line = 1
  for one in edit.edits {
    precondition(one.startLine >= line && one.endLine >= one.startLine - 1)
    precondition(one.endLine <= file.lineCount)
    line = one.endLine + 1
  }
  let edited = PythonFile(edit.applied(to: file))
  precondition(edited.isWhole)
  precondition(edited.hasByteOrderMark == file.hasByteOrderMark)
  precondition(edited.list.tokens.count >= file.list.tokens.count)
}
