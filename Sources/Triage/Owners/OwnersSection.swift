internal import Bytes

/// The head of a section of GitLab's: `[Name]`, `^[Name]` if it is optional, `[Name][2]` with a
/// number of approvals; owners may follow.
struct OwnersSection: Hashable {
  /// In lower case, as sections of one name are one.
  var name: String
  /// The owners of the section's lines that have none.
  var owners: [String]

  /// Returns nil for any other line.
  init?(_ line: ArraySlice<UInt8>) {
    var rest = line.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    if rest.first == UInt8(ascii: "^") { rest.removeFirst() }
    guard let name = Self.brackets(&rest), !name.isEmpty else { return nil }
    if rest.first == UInt8(ascii: "[") {
      guard let number = Self.brackets(&rest), number.allSatisfy({ $0.decimalDigit != nil }) else {
        return nil
      }
    }
    // Without a space it is a pattern, such as `[ab].py`.
    guard rest.isEmpty || rest.first == UInt8(ascii: " ") || rest.first == UInt8(ascii: "\t") else {
      return nil
    }
    self.name = String(exactly: name).lowercased()
    owners = OwnersLine.owners(rest) ?? []
  }

  /// Removes `[...]` and returns what is in it.
  private static func brackets(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard rest.first == UInt8(ascii: "["), let end = rest.firstIndex(of: UInt8(ascii: "]")) else {
      return nil
    }
    defer { rest = rest[(end + 1)...] }
    return rest[(rest.startIndex + 1)..<end]
  }
}
