// Prints what PythonSource reads of Python files, as JSON. tools/fix/against_ast.py compares it.
//
//     python-statements FILE           the statements at the margin
//     python-statements FILE LINE...   the same, and for each line the edits with a guard and with a function
//     python-statements --frozen FILE [LINE]   the edit that calls freeze_support()
//     python-statements --function FILE LINE   the edit that brings a line into a function
//     python-statements --function FILE LINE MODULE FUNCTION [NAME...]   the same for an import of MODULE
//     python-statements --call FILE LINE MODULE FUNCTION [NAME...]   the edit that calls MODULE's FUNCTION
//     python-statements --time FILE    milliseconds
//     python-statements --batch        requests on standard input: FILE, and lines, with tabs between
//
// Bytes are printed as the characters of their numbers (latin-1).
import Glibc
import PythonSource

func bytes(of path: String) -> [UInt8]? {
  let descriptor = open(path, O_RDONLY)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var result: [UInt8] = []
  var buffer = [UInt8](repeating: 0, count: 1 << 20)
  while true {
    let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    guard count > 0 else { return result }
    result += buffer[..<count]
  }
}

func quoted(_ bytes: some Sequence<UInt8>) -> String {
  var result = "\""
  for byte in bytes {
    switch byte {
    case 0x20...0x7e where byte != 0x22 && byte != 0x5c: result.unicodeScalars.append(.init(byte))
    default:
      let digits = String(byte, radix: 16)
      result += "\\u00" + String(repeating: "0", count: 2 - digits.count) + digits
    }
  }
  return result + "\""
}

func array(_ items: [String]) -> String { "[" + items.joined(separator: ",") + "]" }

func object(_ statement: PythonFile.Entry) -> String {
  "{\"kind\":\"\(statement.kind)\",\"first\":\(statement.firstLine),\"last\":\(statement.lastLine),"
    + "\"start\":\(statement.bytes.lowerBound),\"end\":\(statement.bytes.upperBound),"
    + "\"bound\":\(array(statement.bound.map { quoted($0) })),"
    + "\"needed\":\(array(statement.needed.map { quoted($0) })),"
    + "\"later\":\(array(statement.neededLater.map { quoted($0) }))}"
}

func object(_ line: Int?, _ proposal: GuardProposal, _ file: PythonFile) -> String {
  let head = "{\"line\":\(line.map { String($0) } ?? "null"),"
  switch proposal {
  case .advice(let advice): return head + "\"advice\":\"\(advice)\"}"
  case .edit(let edit):
    let edits = edit.edits.map {
      "{\"startLine\":\($0.startLine),\"endLine\":\($0.endLine),"
        + "\"replacement\":\(quoted($0.replacement))}"
    }
    return head + "\"moved\":\(edit.moved),\"edits\":\(array(edits)),"
      + "\"doubts\":\(array(edit.doubts.map { quoted("\($0)".utf8) })),"
      + "\"text\":\(quoted(edit.applied(to: file)))}"
  }
}

func object(_ path: String, _ bytes: [UInt8], lines: [Int], isFrozen: Bool = false) -> String {
  let file = PythonFile(bytes)
  var edits = lines.map { object($0, file.guardEdit(forLine: $0), file) }
  let functions = lines.map { object($0, file.functionEdit(forLine: $0), file) }
  if isFrozen { edits = [object(lines.first, file.freezeEdit(forLine: lines.first), file)] }
  return "{\"path\":\(quoted(path.utf8)),\"isWhole\":\(file.isWhole),"
    + "\"statements\":\(array(file.statements.map { object($0) })),\"edits\":\(array(edits)),"
    + "\"functions\":\(array(functions))}"
}

func object(_ line: Int, _ proposal: ModuleProposal, _ file: PythonFile) -> String {
  switch proposal {
  case .advice(let advice): return object(line, GuardProposal.advice(advice), file)
  case .edit(let module):
    return object(line, GuardProposal.edit(module.edit), file).dropLast()
      + ",\"function\":\(quoted(module.function.utf8)),"
      + "\"names\":\(array(module.names.map { quoted($0) }))}"
  }
}

/// The edit of a module that is imported, or of a file that imports one.
func moduleObject(_ arguments: [String]) -> String {
  guard arguments.count > 2, let line = Int(arguments[2]), let bytes = bytes(of: arguments[1])
  else { fatalError("FILE LINE [MODULE FUNCTION [NAME...]]") }
  let file = PythonFile(bytes)
  guard arguments.count > 4 else { return object(line, file.functionEdit(forLine: line), file) }
  let function = StartFunction(
    module: arguments[3], name: arguments[4],
    names: arguments[5...].map { $0.unicodeScalars.map { UInt8(truncatingIfNeeded: $0.value) } })
  return arguments[0] == "--call"
    ? object(line, file.callEdit(importLine: line, calling: function), file)
    : object(line, file.functionEdit(importLine: line, calling: function), file)
}

func milliseconds(_ body: () -> Void) -> Double {
  var start = timespec()
  var end = timespec()
  clock_gettime(CLOCK_MONOTONIC, &start)
  body()
  clock_gettime(CLOCK_MONOTONIC, &end)
  return Double(end.tv_sec - start.tv_sec) * 1000 + Double(end.tv_nsec - start.tv_nsec) / 1_000_000
}

func printObject(_ path: String, lines: [Int], isFrozen: Bool = false) {
  guard let bytes = bytes(of: path) else { fatalError("can't open \(path)") }
  print(object(path, bytes, lines: lines, isFrozen: isFrozen))
}

let arguments = Array(CommandLine.arguments.dropFirst())
if arguments.first == "--batch" {
  while let line = readLine() {
    let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
    printObject(String(fields[0]), lines: fields.dropFirst().compactMap { Int($0) })
    fflush(nil)
  }
} else if arguments.count == 2, arguments[0] == "--time" {
  let bytes = bytes(of: arguments[1]) ?? []
  for _ in 0..<5 {
    var count = 0
    let time = milliseconds { count = PythonFile(bytes).statements.count }
    print("\(bytes.count) bytes, \(count) statements, \(time) ms")
  }
} else if let first = arguments.first, ["--function", "--call"].contains(first) {
  print(moduleObject(arguments))
} else if arguments.count > 1, arguments[0] == "--frozen" {
  printObject(arguments[1], lines: arguments.dropFirst(2).compactMap { Int($0) }, isFrozen: true)
} else if let path = arguments.first {
  printObject(path, lines: arguments.dropFirst().compactMap { Int($0) })
}
