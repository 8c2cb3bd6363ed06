internal import Bytes

/// A moment that a log's own stamps name, in milliseconds since 1970-01-01 UTC.
package struct LogTime: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  package static func < (left: LogTime, right: LogTime) -> Bool {
    left.milliseconds < right.milliseconds
  }

  /// The moment by the calendar of UTC; nil for numbers that no calendar has.
  ///
  /// - Parameter offset: The clock's distance from UTC, in minutes.
  init?(
    year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int, millisecond: Int,
    offset: Int
  ) {
    guard (1970...2200).contains(year), (1...12).contains(month), (1...31).contains(day),
      (0...23).contains(hour), (0...59).contains(minute), (0...60).contains(second),
      abs(offset) <= 24 * 60
    else { return nil }
    let days = CivilDay.days(year: Int64(year), month: Int64(month), day: Int64(day))
    let minutes = Int(days) * 1440 + hour * 60 + minute - offset
    milliseconds = Int64(minutes) * 60_000 + Int64(second) * 1000 + Int64(millisecond)
  }

  /// RFC 3339 with milliseconds, in UTC.
  package var description: String {
    let day = Self.floored(milliseconds, 86_400_000)
    let rest = milliseconds - day * 86_400_000
    let shifted = day + 719_468
    let era = Self.floored(shifted, 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra =
      (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let march = (5 * dayOfYear + 2) / 153
    let month = march < 10 ? march + 3 : march - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    let date = [year, month, dayOfYear - (153 * march + 2) / 5 + 1]
    let clock = [rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60]
    return date[0].zeroPadded(to: 4) + "-" + date[1].zeroPadded(to: 2) + "-"
      + date[2].zeroPadded(to: 2) + "T" + clock.map { $0.zeroPadded(to: 2) }.joined(separator: ":")
      + "." + (rest % 1000).zeroPadded(to: 3) + "Z"
  }

  private static func floored(_ value: Int64, _ divisor: Int64) -> Int64 {
    value >= 0 ? value / divisor : (value - divisor + 1) / divisor
  }
}
