import Testing

@testable import Runs

struct WallClockTests {
  @Test(arguments: [
    (0, 0, "1970-01-01T00:00:00.000000Z"),
    (1_000_000_000, 1_999, "2001-09-09T01:46:40.000001Z"),
    (951_782_399, 999_999_999, "2000-02-28T23:59:59.999999Z"),
    (951_782_400, 45_000, "2000-02-29T00:00:00.000045Z"),
  ])
  func `the time of day as RFC 3339 has it`(seconds: Int, nanoseconds: Int, expected: String) {
    #expect(WallClock.text(seconds: seconds, nanoseconds: nanoseconds) == expected)
  }
}
