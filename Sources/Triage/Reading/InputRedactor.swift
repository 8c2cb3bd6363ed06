internal import Analysis
internal import Redaction

/// Removes the secrets from what inputs say, by the rules of recordings: a line of a program is then
/// the same in a log as in a recording, and a fault stays one.
///
/// The names of inputs are those of the user's files, and stay. It keeps what it has seen: one is for
/// one thread.
final class InputRedactor {
  private let redactor = Redactor(environment: [], hiding: ArgumentHider(.random()))
  /// Titles and names of functions repeat.
  private var texts: [String: String] = [:]
  private static let limit = 4096

  /// Returns what a pile says without secrets.
  func redacted(_ pile: Pile) -> Pile {
    var result = Pile()
    for (account, sightings) in pile.accounts {
      let account = redacted(account)
      for sighting in sightings { result.add(account, redacted(sighting)) }
    }
    for input in pile.healthy { result.addHealthy(input) }
    for input in pile.silent { result.addSilent(input) }
    for input in pile.placeless { result.addPlaceless(input) }
    for input in pile.passed { result.addPassed(input) }
    for (input, why) in pile.unreadable { result.addUnreadable(input, why: text(why)) }
    for (kind, inputs) in pile.troubles {
      let kind = text(kind)
      for input in inputs { result.addTrouble(kind, input) }
    }
    return result
  }

  private func redacted(_ account: Account) -> Account {
    var account = account.mapped(redacted)
    account.title = text(account.title)
    account.circumstance = account.circumstance.map(text)
    account.fingerprint = account.fingerprint.map(text)
    return account
  }

  private func redacted(_ spot: Spot) -> Spot {
    var spot = spot
    spot.place.path = path(spot.place.path)
    spot.place.function = text(spot.place.function)
    spot.place.text = spot.place.text.map(redactor.source)
    spot.statement = spot.statement.map(redactor.source)
    return spot
  }

  private func redacted(_ sighting: Sighting) -> Sighting {
    guard let root = sighting.root else { return sighting }
    var sighting = sighting
    sighting.root?.path = path(root.path)
    return sighting
  }

  private func text(_ text: String) -> String {
    if let known = texts[text] { return known }
    let result = redactor.text(text)
    if texts.count >= Self.limit { texts = [:] }
    texts[text] = result
    return result
  }

  /// A path of ours has single slashes; an address is known by two.
  private func path(_ path: String) -> String {
    guard path.utf8.contains(UInt8(ascii: "@")), path.dropFirst(2).contains(":/") else {
      return redactor.path(path)
    }
    // `D:/` is no address.
    let drive = path.dropFirst().hasPrefix(":") ? path.prefix(2) : ""
    let rest = path.dropFirst(drive.count).replacing(":/", with: "://")
    return drive + redactor.path(String(rest)).replacing("://", with: ":/")
  }
}
