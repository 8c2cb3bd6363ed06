internal import TraceModel

/// The time since the log's first line, from any form of time that its lines have.
struct StraceClock {
  private static let day: UInt64 = 86_400 * 1_000_000_000

  private(set) var time = TraceTime.zero
  /// The time of the first line.
  private var start: UInt64?
  /// The largest time of a line, with the days that have passed.
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
      // The clock starts again at midnight; a few lines may be out of order.
      now += last / day * day
      if now + day / 2 < last { now += day }
    }
    last = max(last, now)
    let start = start ?? now
    self.start = start
    if now > start { time = max(time, TraceTime(nanoseconds: now - start)) }
  }
}
