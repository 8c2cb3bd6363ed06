internal import TraceModel

/// The time since the first line, from whatever form of it the lines have.
struct StraceClock {
  private static let day: UInt64 = 86_400 * 1_000_000_000

  private(set) var time = TraceTime.zero
  /// What the first line said, with the days that have passed since taken off.
  private var start: UInt64?
  private var last: UInt64 = 0

  mutating func advance(to line: StraceTime) {
    switch line {
    case .delta(let delta): time = TraceTime(nanoseconds: time.nanoseconds &+ delta)
    case .epoch(let now): advance(to: now, day: nil)
    case .clock(let now): advance(to: now, day: Self.day)
    }
  }

  private mutating func advance(to now: UInt64, day: UInt64?) {
    var now = now
    if let day {
      // The clock goes round at midnight; a few lines may be out of order.
      now += last / day * day
      if now + day / 2 < last { now += day }
    }
    last = max(last, now)
    let start = start ?? now
    self.start = start
    if now > start { time = max(time, TraceTime(nanoseconds: now - start)) }
  }
}
