internal import Bytes

/// Which names stand for secrets: of variables, options and members.
enum SecretNames {
  private static let words: [StaticString] = [
    "token", "secret", "passw", "passphrase", "credential", "authorization", "authkey", "apikey",
    "api_key", "api-key", "private_key", "private-key", "access_key", "access-key", "cookie",
  ]
  /// Where such a word ends the name or is a part of it between `_`, `-` and `.`.
  private static let parts: [StaticString] = [
    "key", "pass", "pwd", "auth", "cred", "creds", "pat",
  ]
  /// Places, which are nobody's secret.
  private static let harmless: [StaticString] = ["sock", "file", "path", "dir", "home", "agent"]

  /// Asked for each variable of the environment before a run begins: bytes are looked at.
  static func contains(_ name: some StringProtocol) -> Bool {
    let lowercased = String(decoding: name.utf8.map(lowercased), as: UTF8.self)
    let parts = lowercased.utf8.split { !isWordPart($0) }
    if let last = parts.last, harmless.contains(where: { matches(last, $0) }) { return false }
    // `sorted(key=...)`: alone it is a secret's only as an option.
    if parts.count == 1, matches(parts[0], "key") { return name.utf8.first == UInt8(ascii: "-") }
    return words.contains { lowercased.containsBytes($0) }
      || parts.contains { part in Self.parts.contains { matches(part, $0) } }
  }

  /// All names that are known are ASCII.
  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Whether it is a digit or a letter; those of other alphabets, of which it is a byte, are letters.
  private static func isWordPart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte >= 0x80
  }

  private static func matches(_ part: Substring.UTF8View, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { part.elementsEqual($0) }
  }
}
