/// Finds the secrets of a text: values that follow a secret's name, tokens, and user names and passwords
/// in URLs.
enum SecretFinder {
  /// Returns their ranges in order and without overlaps; nil if there are none.
  static func ranges(in bytes: [UInt8]) -> [Range<Int>]? {
    let found = (assigned(bytes) + TokenFinder.ranges(in: bytes) + urls(bytes))
      .sorted { $0.lowerBound < $1.lowerBound }
    guard var last = found.first else { return nil }
    var result: [Range<Int>] = []
    for range in found.dropFirst() {
      if range.lowerBound <= last.upperBound {
        last = last.lowerBound..<max(last.upperBound, range.upperBound)
      } else {
        result.append(last)
        last = range
      }
    }
    return result + [last]
  }

  /// `TOKEN=abc`, `--password=abc`, `"api_key": "abc"`, `Authorization: Bearer abc`.
  private static func assigned(_ bytes: [UInt8]) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var index = 0
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "=") || bytes[index] == UInt8(ascii: ":") else {
        index += 1
        continue
      }
      let sign = index
      index += 1
      guard SecretNames.contains(name(before: sign, in: bytes)),
        let value = value(after: sign, in: bytes)
      else { continue }
      result.append(value)
      index = value.upperBound
    }
    return result
  }

  /// Returns the name that ends before `end`, without quotes and spaces after it.
  private static func name(before end: Int, in bytes: [UInt8]) -> String {
    var last = end
    while last > 0, [0x20, 0x22, 0x27].contains(bytes[last - 1]) { last -= 1 }
    var first = last
    while first > 0, TokenFinder.isToken(bytes[first - 1]) { first -= 1 }
    return String(decoding: bytes[first..<last], as: UTF8.self)
  }

  private static func value(after sign: Int, in bytes: [UInt8]) -> Range<Int>? {
    var start = sign + 1
    while start < bytes.count, bytes[start] == 0x20 { start += 1 }
    guard start < bytes.count else { return nil }
    // No value follows `==`, and the `:` of a URL.
    if [UInt8(ascii: "="), UInt8(ascii: "/")].contains(bytes[start]) { return nil }
    if bytes[start] == 0x22 || bytes[start] == 0x27 {
      let end = bytes[(start + 1)...].firstIndex(of: bytes[start]) ?? bytes.count
      return end > start + 1 ? (start + 1)..<end : nil
    }
    var end = word(from: start, in: bytes)
    let first = String(decoding: bytes[start..<end], as: UTF8.self).lowercased()
    if ["bearer", "basic", "token", "digest"].contains(first), end < bytes.count, bytes[end] == 0x20
    {
      start = end + 1
      end = word(from: start, in: bytes)
    }
    return end > start ? start..<end : nil
  }

  private static func word(from start: Int, in bytes: [UInt8]) -> Int {
    let ends: Set<UInt8> = [
      0x09, 0x0a, 0x0d, 0x20, 0x22, 0x27, UInt8(ascii: "&"), UInt8(ascii: ";"), UInt8(ascii: ","),
      UInt8(ascii: ")"),
    ]
    return bytes[start...].firstIndex { ends.contains($0) } ?? bytes.count
  }

  /// `https://user:password@host`, and `https://token@host`.
  private static func urls(_ bytes: [UInt8]) -> [Range<Int>] {
    let sign = Array("://".utf8)
    var result: [Range<Int>] = []
    var index = 0
    while index + sign.count < bytes.count {
      guard bytes[index...].starts(with: sign) else {
        index += 1
        continue
      }
      index += sign.count
      let end =
        bytes[index...].firstIndex {
          $0 <= 0x20 || [UInt8(ascii: "/"), 0x22, 0x27].contains($0)
        } ?? bytes.count
      if let at = bytes[index..<end].lastIndex(of: UInt8(ascii: "@")), at > index {
        result.append(index..<at)
      }
      index = end
    }
    return result
  }
}
