/// One line of strace's output, parted: whose, when, what.
struct StraceLine {
  /// The thread; nil where the line doesn't say (a log without -f, a file of -ff, the root in a terminal).
  var thread: Int32?
  /// The executable's or thread's name that `--decode-pids=comm` puts behind a number is skipped.
  var time: StraceTime?
  /// What follows, without the line's end.
  var body: StraceBytes

  /// nil where nothing follows.
  ///
  /// The forms: `1234 12:00:00.123 call(`, `[pid  1234] call(`, `1234<python3> call(`, `12:00:00 call(`,
  /// `1669200000.123456 call(`, `     0.000123 call(` (-r).
  init?(_ line: StraceBytes) {
    var rest = line
    rest.skipSpaces()
    if rest.skip("[pid") {
      rest.skipSpaces()
      guard let number = rest.number() else { return nil }
      rest.skipName()
      rest.skipSpaces()
      guard rest.skip("]") else { return nil }
      thread = Int32(exactly: number)
    } else if let first = rest.first, Self.isDigit(first) {
      // A number is a thread's where no time goes on behind it.
      var number = rest
      if let value = number.number(), let next = number.first, next == 0x20 || next == 0x3C {
        thread = Int32(exactly: value)
        if next == 0x3C { number.skipName() }
        rest = number
      }
    }
    rest.skipSpaces()
    if let first = rest.first, Self.isDigit(first) {
      guard let time = StraceTime(&rest) else { return nil }
      self.time = time
      rest.skipSpaces()
      // What has passed since the line before, where both are asked for.
      if rest.starts(with: "(+") {
        _ = rest.take(until: UInt8(ascii: ")"))
        rest.skipSpaces()
      }
    }
    while let behind = rest.behindNumberInBrackets { rest = behind }
    guard !rest.isEmpty else { return nil }
    body = rest
  }

  @inline(__always)
  fileprivate static func isDigit(_ byte: UInt8) -> Bool {
    byte &- 0x30 < 10
  }
}

/// When a line was written.
enum StraceTime: Equatable {
  /// -t, -tt: nanoseconds of the day.
  case clock(UInt64)
  /// -ttt: nanoseconds since 1970.
  case epoch(UInt64)
  /// -r: nanoseconds since the line before.
  case delta(UInt64)

  init?(_ rest: inout StraceBytes) {
    guard let first = rest.number() else { return nil }
    if rest.skip(":") {
      guard let minutes = rest.number(), rest.skip(":"), let seconds = rest.number(), first < 25,
        minutes < 60, seconds < 61
      else { return nil }
      self = .clock((first * 3600 + minutes * 60 + seconds) * 1_000_000_000 + rest.fraction())
    } else {
      let (whole, overflow) = first.multipliedReportingOverflow(by: 1_000_000_000)
      guard !overflow, rest.first == UInt8(ascii: ".") else { return nil }
      let fraction = rest.fraction()
      // No delta is a year long.
      self = first > 100_000_000 ? .epoch(whole &+ fraction) : .delta(whole &+ fraction)
    }
    guard rest.isEmpty || rest.first == 0x20 else { return nil }
  }
}

extension StraceBytes {
  /// What follows the call's number or the instruction's address (`[ 257] ` of -n, `[00007f2751440000] ` of
  /// -i); nil where neither is there.
  @inline(__always)
  fileprivate var behindNumberInBrackets: StraceBytes? {
    guard first == UInt8(ascii: "[") else { return nil }
    var rest = self
    guard let inside = rest.take(until: UInt8(ascii: "]")), rest.first == 0x20,
      inside.bytes.dropFirst().allSatisfy({ byte in
        byte == 0x20 || byte == 0x3F || StraceLine.isDigit(byte) || byte &- 0x61 < 6
      })
    else { return nil }
    rest.skipSpaces()
    return rest
  }
}
