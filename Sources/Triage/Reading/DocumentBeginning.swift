/// How our JSON documents can begin: with any of their members, because a tool may have sorted
/// them.
enum DocumentBeginning {
  private static let members = [
    "schema", "schemaVersion", "tool", "source", "command", "workingDirectory", "checkout", "t0",
    "exit", "verdict", "findings", "processes", "survey", "trace", "causes", "inputs", "troubles",
  ]

  static func isPossible(_ bytes: [UInt8]) -> Bool {
    var rest = withoutMark(bytes[...])
    func skipSpace() { rest = rest.drop { " \t\r\n".utf8.contains($0) } }
    skipSpace()
    guard rest.popFirst() == UInt8(ascii: "{") else { return false }
    skipSpace()
    guard rest.popFirst() == UInt8(ascii: "\"") else { return false }
    return members.contains { name in
      rest.starts(with: name.utf8) && rest.dropFirst(name.utf8.count).first == UInt8(ascii: "\"")
    }
  }

  /// The bytes without UTF-8's byte order mark.
  static func withoutMark(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    bytes.starts(with: [0xef, 0xbb, 0xbf]) ? bytes.dropFirst(3) : bytes
  }
}
