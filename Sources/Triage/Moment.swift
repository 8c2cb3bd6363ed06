internal import Bytes

/// A time of day and date, as an input tells it.
package struct Moment: Hashable, Sendable, Comparable {
  /// As it was written (RFC 3339).
  package let text: String
  /// Since 1970, in UTC.
  private let microseconds: Int64

  /// Reads an RFC 3339 time, such as `2026-11-23T01:40:28.478938Z`; nil if it is none.
  package init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 40 else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      range.upperBound <= bytes.count ? Self.number(bytes[range]) : nil
    }
    guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"), bytes[13] == UInt8(ascii: ":"),
      bytes[16] == UInt8(ascii: ":"), "Tt ".utf8.contains(bytes[10]),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second < 61
    else { return nil }
    var position = 19
    var fraction: Int64 = 0
    if bytes[position] == UInt8(ascii: ".") {
      position += 1
      var scale: Int64 = 100_000
      let start = position
      while position < bytes.count, let digit = Self.number(bytes[position...position]) {
        fraction += digit * scale
        scale /= 10
        position += 1
      }
      guard position > start else { return nil }
    }
    guard let offset = Self.offset(bytes[position...]) else { return nil }
    let seconds =
      CivilDay.days(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60
      + second
    microseconds = (seconds - offset * 60) * 1_000_000 + fraction
    self.text = text
  }

  package static func < (one: Moment, other: Moment) -> Bool {
    (one.microseconds, one.text) < (other.microseconds, other.text)
  }

  /// The date alone.
  package var date: Substring { text.prefix(10) }

  private static func number(_ digits: ArraySlice<UInt8>) -> Int64? {
    var value: Int64 = 0
    for digit in digits {
      guard (0x30...0x39).contains(digit) else { return nil }
      value = value * 10 + Int64(digit - 0x30)
    }
    return value
  }

  /// The minutes east of Greenwich of `Z` or `+HH:MM`.
  private static func offset(_ text: ArraySlice<UInt8>) -> Int64? {
    guard let first = text.first else { return nil }
    if first == UInt8(ascii: "Z") || first == UInt8(ascii: "z") { return text.count == 1 ? 0 : nil }
    let digits = text.dropFirst().filter { $0 != UInt8(ascii: ":") }
    guard first == UInt8(ascii: "+") || first == UInt8(ascii: "-"), digits.count == 4,
      let value = number(digits[...])
    else { return nil }
    let minutes = value / 100 * 60 + value % 100
    return first == UInt8(ascii: "-") ? -minutes : minutes
  }
}
