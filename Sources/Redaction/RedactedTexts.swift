/// Texts that were redacted before, with what became of them.
struct RedactedTexts {
  private var known: [String: String] = [:]
  private static let limit = 4096

  mutating func redacted(_ text: String, _ redact: (String) -> String) -> String {
    if let known = known[text] { return known }
    let result = redact(text)
    if known.count >= Self.limit { known = [:] }
    known[text] = result
    return result
  }
}
