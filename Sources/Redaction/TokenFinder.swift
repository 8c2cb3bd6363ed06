/// Finds tokens that are known by their beginning.
enum TokenFinder {
  /// How tokens of GitHub, GitLab, Slack, AWS, Google, npm, PyPI, Hugging Face, Docker Hub, Stripe and
  /// OpenAI begin, and JSON web tokens (`{"` in base64). gitleaks (github.com/gitleaks/gitleaks,
  /// config/gitleaks.toml) has rules for most of them; look there when the list grows.
  private static let beginnings = [
    "ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_", "glpat-", "glptt-", "xoxb-", "xoxp-",
    "xoxa-", "xoxs-", "AKIA", "ASIA", "AIza", "ya29.", "npm_", "pypi-", "hf_", "dckr_pat_",
    "sk_live_", "rk_live_", "sk-", "eyJ",
  ].map { Array($0.utf8) }

  private static let firstBytes = Set(beginnings.compactMap(\.first))

  /// What follows the beginning is a word, and no token, if it is shorter.
  private static let shortest = 16

  static func ranges(in bytes: [UInt8]) -> [Range<Int>] {
    var result = privateKey(in: bytes).map { [$0] } ?? []
    var start = 0
    while start < bytes.count {
      guard firstBytes.contains(bytes[start]), start == 0 || !isToken(bytes[start - 1]),
        let beginning = beginnings.first(where: { bytes[start...].starts(with: $0) })
      else {
        start += 1
        continue
      }
      let body = start + beginning.count
      let end = bytes[body...].firstIndex { !isToken($0) } ?? bytes.count
      if end - body >= shortest {
        result.append(start..<end)
        start = end
      } else {
        start = body
      }
    }
    return result
  }

  /// From the first line of a private key in PEM (RFC 7468) to the last, or else to the end.
  private static func privateKey(in bytes: [UInt8]) -> Range<Int>? {
    let (begin, key, end) = ("-----BEGIN ", "PRIVATE KEY-----", "-----END ")
    guard bytes.contains(UInt8(ascii: "-")),
      let start = bytes.firstRange(of: Array(begin.utf8))?.lowerBound,
      let name = bytes[start...].firstRange(of: Array(key.utf8)),
      name.lowerBound - start < 40
    else { return nil }
    let last = bytes[name.upperBound...].firstRange(of: Array(end.utf8))
    return name.upperBound..<(last?.lowerBound ?? bytes.count)
  }

  static func isToken(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}
