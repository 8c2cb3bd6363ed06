internal import Bytes

/// When a line was written.
enum StraceTime: Equatable {
  /// -t, -tt: nanoseconds of the day.
  case clock(UInt64)
  /// -ttt: nanoseconds since 1970.
  case epoch(UInt64)
  /// -r: nanoseconds since the previous line.
  case delta(UInt64)

  /// Reads a time in any of these forms; nil if the text isn't one, or more than a space follows it.
  init?(_ rest: inout ByteScanner) {
    guard let first = rest.decimal() else { return nil }
    if rest.skip(":") {
      guard let minutes = rest.decimal(), rest.skip(":"), let seconds = rest.decimal(), first < 25,
        minutes < 60, seconds < 61
      else { return nil }
      let whole = first * 3600 + minutes * 60 + seconds
      self = .clock(whole * 1_000_000_000 + Self.fraction(&rest))
    } else {
      let (whole, overflow) = first.multipliedReportingOverflow(by: 1_000_000_000)
      guard !overflow, rest.first == UInt8(ascii: ".") else { return nil }
      let fraction = Self.fraction(&rest)
      // Time since the previous line: less than some years.
      self = first > 100_000_000 ? .epoch(whole &+ fraction) : .delta(whole &+ fraction)
    }
    guard rest.isEmpty || rest.first == UInt8(ascii: " ") else { return nil }
  }

  /// Reads the part of a second that follows a point, in nanoseconds; 0 if there is none.
  private static func fraction(_ rest: inout ByteScanner) -> UInt64 {
    guard rest.skip(".") else { return 0 }
    var value: UInt64 = 0
    var weight: UInt64 = 100_000_000
    while let digit = rest.first?.decimalDigit {
      value += UInt64(digit) * weight
      weight /= 10
      rest.skip(count: 1)
    }
    return value
  }
}
