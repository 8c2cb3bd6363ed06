import Bytes
import Testing

struct CivilDayTests {
  @Test(
    arguments: [
      (1970, 1, 1, 0), (1969, 12, 31, -1), (2000, 2, 29, 11_016), (2000, 3, 1, 11_017),
      (2026, 11, 28, 20_785), (1600, 1, 1, -135_140),
    ] as [(Int64, Int64, Int64, Int64)])
  func `the days since 1970`(year: Int64, month: Int64, day: Int64, days: Int64) {
    #expect(CivilDay.days(year: year, month: month, day: day) == days)
  }
}
