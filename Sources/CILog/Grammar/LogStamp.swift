internal import Bytes

/// Reads the stamps that CI hosts write at the beginning of lines.
///
/// GitHub, Azure and GitLab write RFC 3339 at the beginning, Jenkins in brackets, `docker compose`
/// and `gh run view --log` behind names. A stamp without a zone says nothing, because the host's zone
/// isn't known.
struct LogStamp: Sendable {
  /// Where the last stamp was found in its line.
  private var offset: Int?
  /// How many more lines are searched for the first stamp.
  private var tries = 400

  /// How far from a line's beginning a stamp may be, in bytes.
  private static let reach = 120

  mutating func read(_ line: UnsafeRawBufferPointer) -> LogTime? {
    if let offset {
      if let time = Self.time(line, at: offset) { return time }
      guard tries > 0 else { return nil }
    }
    guard tries > 0 else { return nil }
    tries -= 1
    return search(line)
  }

  private mutating func search(_ line: UnsafeRawBufferPointer) -> LogTime? {
    let end = min(line.count, Self.reach) - 19
    guard end >= 0 else { return nil }
    for index in 0...end where line[index + 4] == UInt8(ascii: "-") {
      if let time = Self.time(line, at: index) {
        offset = index
        tries = 400
        return time
      }
    }
    return nil
  }

  /// Seconds since 1970 in GitLab's `section_start:SECONDS:NAME`.
  static func section(_ line: UnsafeRawBufferPointer) -> LogTime? {
    for mark in ["section_start:", "section_end:"] as [StaticString] {
      guard let range = line.range(of: mark) else { continue }
      var scanner = ByteScanner(UnsafeRawBufferPointer(rebasing: line[range.upperBound...]))
      guard let seconds = scanner.decimal(), seconds < 8_000_000_000, scanner.skip(":") else {
        continue
      }
      return LogTime(milliseconds: Int64(seconds) * 1000)
    }
    return nil
  }

  /// Nanoseconds since 1970 in Travis CI's `travis_time:end:ID:start=N,finish=N`.
  static func travis(_ line: UnsafeRawBufferPointer) -> LogTime? {
    guard let range = line.range(of: "finish=") else { return nil }
    var scanner = ByteScanner(UnsafeRawBufferPointer(rebasing: line[range.upperBound...]))
    guard let value = scanner.decimal(), value < 8_000_000_000_000_000_000 else { return nil }
    return LogTime(milliseconds: Int64(value / 1_000_000))
  }

  /// `YYYY-MM-DDTHH:MM:SS[.f](Z|+HH:MM|+HHMM)`, or with a space for the T.
  private static func time(_ line: UnsafeRawBufferPointer, at index: Int) -> LogTime? {
    guard index + 20 <= line.count else { return nil }
    func number(_ from: Int, _ count: Int) -> Int? {
      var value = 0
      for position in from..<(from + count) {
        guard index + position < line.count, let digit = line[index + position].decimalDigit else {
          return nil
        }
        value = value * 10 + Int(digit)
      }
      return value
    }
    func isAt(_ position: Int, _ byte: UInt8) -> Bool { line[index + position] == byte }
    guard isAt(4, 0x2D), isAt(7, 0x2D), isAt(10, 0x54) || isAt(10, 0x20), isAt(13, 0x3A),
      isAt(16, 0x3A), let year = number(0, 4), let month = number(5, 2), let day = number(8, 2),
      let hour = number(11, 2), let minute = number(14, 2), let second = number(17, 2)
    else { return nil }
    var rest = ByteScanner(UnsafeRawBufferPointer(rebasing: line[(index + 19)...]))
    var millisecond = 0
    if rest.skip(".") || rest.skip(",") {
      var scale = 100
      var count = 0
      while let digit = rest.first?.decimalDigit, count < 12 {
        millisecond += Int(digit) * scale
        scale /= 10
        count += 1
        rest.skip(count: 1)
      }
    }
    guard let offset = zone(&rest) else { return nil }
    return LogTime(
      year: year, month: month, day: day, hour: hour, minute: minute, second: second,
      millisecond: millisecond, offset: offset)
  }

  /// The zone's distance from UTC, in minutes.
  private static func zone(_ rest: inout ByteScanner) -> Int? {
    if rest.skip("Z") { return 0 }
    _ = rest.skip(" ")
    let sign = rest.skip("+") ? 1 : rest.skip("-") ? -1 : 0
    guard sign != 0, let hours = two(&rest) else { return nil }
    _ = rest.skip(":")
    return two(&rest).map { sign * (hours * 60 + $0) }
  }

  private static func two(_ rest: inout ByteScanner) -> Int? {
    guard rest.bytes.count >= 2, let tens = rest.bytes[0].decimalDigit,
      let ones = rest.bytes[1].decimalDigit
    else { return nil }
    rest.skip(count: 2)
    return Int(tens * 10 + ones)
  }
}
