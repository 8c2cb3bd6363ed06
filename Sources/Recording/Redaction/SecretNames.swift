internal import ExactText

/// Which names stand for secrets: of variables, options and members.
enum SecretNames {
  private static let words: [StaticString] = [
    "token", "secret", "passw", "passphrase", "credential", "authorization", "authkey", "apikey",
    "api_key", "api-key", "private_key", "private-key", "access_key", "access-key", "cookie",
  ]
  /// Where such a word ends the name or is a part of it between `_`, `-` and `.`.
  private static let parts: Set<String> = ["key", "pass", "pwd", "auth", "cred", "creds", "pat"]

  /// Places, which are nobody's secret.
  private static let harmless: Set<String> = ["sock", "file", "path", "dir", "home", "agent"]

  static func contains(_ name: some StringProtocol) -> Bool {
    let lowercased = name.lowercased()
    let parts = lowercased.split { !($0.isLetter || $0.isNumber) }.map(String.init)
    if let last = parts.last, harmless.contains(last) { return false }
    // `sorted(key=...)`: alone it is a secret's only as an option.
    if parts == ["key"] { return name.hasPrefix("-") }
    return words.contains { lowercased.containsBytes($0) }
      || parts.contains { Self.parts.contains($0) }
  }
}
