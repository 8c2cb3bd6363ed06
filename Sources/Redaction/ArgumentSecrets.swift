/// The secrets of a command line, by the names of its options.
struct ArgumentSecrets {
  /// The values.
  private(set) var values: [String] = []
  /// The arguments without those that are a secret as a whole, or behind a colon.
  private(set) var redacted: [String] = []

  /// - Parameter mark: Stands in place of a secret.
  init(_ arguments: [String], mark: String) {
    var isValue = false
    var isLogin = false
    for argument in arguments {
      // `--password hunter2`: the name is one argument, the value the next.
      let (followsName, followsLogin) = (isValue, isLogin)
      let isOption = argument.hasPrefix("-") && !argument.contains("=")
      isValue = isOption && argument.hasPrefix("--") && SecretNames.contains(argument)
      isLogin = isOption && Self.logins.contains(argument)
      if followsName, !argument.hasPrefix("-"), !argument.isEmpty {
        values.append(argument)
        redacted.append(mark)
      } else if followsLogin, let colon = argument.firstIndex(of: ":") {
        let secret = argument[argument.index(after: colon)...]
        values.append(String(secret))
        redacted.append(argument[...colon] + (secret.isEmpty ? "" : mark))
      } else {
        values += Self.assigned(argument)
        redacted.append(argument)
      }
    }
  }

  /// Options whose value is `user:password`, as of curl.
  private static let logins: Set<String> = ["-u", "-U", "--user", "--proxy-user", "--login"]

  /// `--password=hunter2`, `TOKEN=abc`
  private static func assigned(_ argument: String) -> [String] {
    guard let sign = argument.firstIndex(of: "=") else { return [] }
    let name = argument[..<sign]
    guard name.utf8.count <= 64, name.utf8.allSatisfy(TokenFinder.isToken),
      SecretNames.contains(name)
    else { return [] }
    return [String(argument[argument.index(after: sign)...])]
  }
}
