internal import Glibc

/// A moment of the monotonic clock.
package struct Instant: Hashable, Comparable, Sendable {
  /// Since the machine was started, without the time that it slept.
  package let nanoseconds: UInt64

  package init(nanoseconds: UInt64) {
    self.nanoseconds = nanoseconds
  }

  /// The corresponding C call is `clock_gettime(CLOCK_MONOTONIC)`.
  package static var now: Instant {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Instant(nanoseconds: UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec))
  }

  package static func < (left: Instant, right: Instant) -> Bool {
    left.nanoseconds < right.nanoseconds
  }

  /// Not before the clock's beginning, and not after its end.
  package static func + (instant: Instant, duration: Duration) -> Instant {
    let (sum, overflow) = instant.nanoseconds.addingReportingOverflow(duration.nanoseconds)
    return Instant(nanoseconds: overflow ? .max : sum)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    Instant(nanoseconds: instant.nanoseconds - min(instant.nanoseconds, duration.nanoseconds))
  }

  /// The time from another moment to this one, or zero if this one is earlier.
  package func since(_ earlier: Instant) -> Duration {
    Duration(nanoseconds: nanoseconds - min(nanoseconds, earlier.nanoseconds))
  }
}

extension Duration {
  /// Whole nanoseconds, from 0 up to what 64 bits hold.
  package var nanoseconds: UInt64 {
    let (seconds, attoseconds) = components
    if seconds < 0 || attoseconds < 0 { return 0 }
    let (product, overflow) = UInt64(seconds).multipliedReportingOverflow(by: 1_000_000_000)
    return overflow ? .max : product + UInt64(attoseconds / 1_000_000_000)
  }

  package init(nanoseconds: UInt64) {
    self = .nanoseconds(Int64(clamping: nanoseconds))
  }
}
