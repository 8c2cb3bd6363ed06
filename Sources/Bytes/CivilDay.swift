/// Days of the Gregorian calendar.
package enum CivilDay {
  /// The days from 1970-01-01 to a date; negative before. The month is from 1 to 12.
  ///
  /// Howard Hinnant's `days_from_civil`: years begin in March, so that a leap day is a year's last.
  package static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
    let year = month < 3 ? year - 1 : year
    let era = (year >= 0 ? year : year - 399) / 400
    let yearOfEra = year - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}
