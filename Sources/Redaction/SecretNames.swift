internal import Bytes

/// The names of variables, options and members whose values are secrets.
enum SecretNames {
  /// Words that make a name a secret's wherever they occur in it.
  private static let words: [StaticString] = [
    "token", "secret", "passw", "passphrase", "credential", "authorization", "authkey", "apikey",
    "api_key", "api-key", "private_key", "private-key", "access_key", "access-key", "cookie",
    "privatekey", "accesskey", "accountkey", "signingkey", "masterkey", "encryptionkey",
  ]
  /// Words that must be a whole part of the name between `_`, `-` and `.`.
  private static let parts: [StaticString] = [
    "key", "pass", "pwd", "auth", "cred", "creds", "pat",
  ]
  /// Words that end like `dbpass` and are no password.
  private static let ordinaryEndings: [StaticString] = [
    "bypass", "compass", "encompass", "surpass", "trespass", "subpass", "multipass", "overpass",
    "underpass",
  ]
  /// A name with one of these as its last part is a path, and no secret.
  private static let harmless: [StaticString] = ["sock", "file", "path", "dir", "home", "agent"]

  /// Words of code, unless more belongs to the name.
  private static let ordinary: [StaticString] = ["key", "pass", "pat"]

  /// Whether there may be such a name in a text; most have none.
  static func mayOccur(in bytes: [UInt8]) -> Bool {
    var window: UInt32 = 0
    for byte in bytes {
      window = (window << 8 | UInt32(lowercased(byte))) & 0xff_ffff
      if signs.contains(window) { return true }
    }
    return false
  }

  /// The first three letters of what makes a name a secret's.
  private static let signs: Set<UInt32> = Set(
    ["tok", "sec", "pas", "cre", "aut", "api", "pri", "acc", "coo", "key", "pwd", "pat"].map {
      $0.utf8.reduce(0) { $0 << 8 | UInt32($1) }
    })

  /// Whether the value of a name is a secret.
  ///
  /// It is asked for each variable of the environment before a run begins, so it compares bytes.
  static func contains(_ name: some StringProtocol) -> Bool {
    let lowercased = String(decoding: name.utf8.map(lowercased), as: UTF8.self)
    let parts = lowercased.utf8.split { !isWordPart($0) }
    if let last = parts.last, harmless.contains(where: { matches(last, $0) }) { return false }
    // In `sorted(key=...)` it isn't a secret, nor are Python's `pass` and a pattern; as an option,
    // `--key`, it is.
    if parts.count == 1, ordinary.contains(where: { matches(parts[0], $0) }) {
      return name.utf8.first == UInt8(ascii: "-")
    }
    if lowercased.containsBytes("tokeniz") { return false }
    return words.contains { lowercased.containsBytes($0) }
      || parts.contains { part in Self.parts.contains { matches(part, $0) } || isPassword(part) }
  }

  /// `PGPASS`, `dbpass`
  private static func isPassword(_ part: Substring.UTF8View) -> Bool {
    part.count > 4 && part.suffix(4).elementsEqual("pass".utf8)
      && !ordinaryEndings.contains { matches(part, $0) }
  }

  /// The words above are ASCII.
  private static func lowercased(_ byte: UInt8) -> UInt8 {
    (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
  }

  /// Whether it is an ASCII digit or letter, or a byte of a letter of another alphabet.
  private static func isWordPart(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte >= 0x80
  }

  private static func matches(_ part: Substring.UTF8View, _ word: StaticString) -> Bool {
    word.withUTF8Buffer { part.elementsEqual($0) }
  }
}
