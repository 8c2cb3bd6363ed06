internal import Glibc

/// The time of day.
enum WallClock {
  /// The time in UTC with microseconds, as RFC 3339 has it.
  ///
  /// The corresponding C calls are `clock_gettime`, `gmtime_r` and `strftime`.
  static func now() -> String {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return text(seconds: time.tv_sec, nanoseconds: time.tv_nsec)
  }

  static func text(seconds: Int, nanoseconds: Int) -> String {
    var seconds = seconds
    var parts = tm()
    gmtime_r(&seconds, &parts)
    let date = withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      let count = strftime(buffer.baseAddress, buffer.count, "%Y-%m-%dT%H:%M:%S", &parts)
      return String(decoding: UnsafeRawBufferPointer(buffer).prefix(count), as: UTF8.self)
    }
    return "\(date).\(String(1_000_000 + nanoseconds / 1000).dropFirst())Z"
  }
}
