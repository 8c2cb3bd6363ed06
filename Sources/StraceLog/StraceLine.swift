internal import Bytes

/// One line of strace's output in its three parts: the thread, the time and what happened.
struct StraceLine {
  /// nil if the line doesn't say it: in a log without -f, in a file of -ff, for the root in a terminal.
  var thread: Int32?
  var time: StraceTime?
  /// What follows, without the line's end.
  var body: ByteScanner

  /// Splits a line; nil if nothing follows the thread and the time.
  ///
  /// The forms: `1234 12:00:00.123 call(`, `[pid  1234] call(`, `1234<python3> call(`
  /// (`--decode-pids=comm`; the name is skipped), `12:00:00 call(`, `1669200000.123456 call(`,
  /// `     0.000123 call(` (-r).
  init?(_ line: ByteScanner) {
    var rest = line
    rest.skipSpaces()
    if rest.skip("[pid") {
      rest.skipSpaces()
      guard let number = rest.decimal() else { return nil }
      rest.skipName()
      rest.skipSpaces()
      guard rest.skip("]") else { return nil }
      thread = Int32(exactly: number)
    } else if rest.first?.decimalDigit != nil {
      // A number is a thread's unless it goes on as a time does.
      var number = rest
      if let value = number.decimal(), let next = number.first, next == 0x20 || next == 0x3C {
        thread = Int32(exactly: value)
        if next == 0x3C { number.skipName() }
        rest = number
      }
    }
    rest.skipSpaces()
    if rest.first?.decimalDigit != nil {
      guard let time = StraceTime(&rest) else { return nil }
      self.time = time
      rest.skipSpaces()
      // With -r, the time since the previous line follows another time.
      if rest.starts(with: "(+") {
        _ = rest.read(until: UInt8(ascii: ")"))
        rest.skipSpaces()
      }
    }
    while let next = rest.afterNumberInBrackets { rest = next }
    guard !rest.isEmpty else { return nil }
    body = rest
  }
}

extension ByteScanner {
  /// What follows the call's number (`[ 257] ` of -n) or the instruction's address
  /// (`[00007f2751440000] ` of -i); nil if the rest begins with neither.
  @inline(__always)
  fileprivate var afterNumberInBrackets: ByteScanner? {
    guard first == UInt8(ascii: "[") else { return nil }
    var rest = self
    guard let inside = rest.read(until: UInt8(ascii: "]")), rest.first == 0x20,
      inside.bytes.dropFirst().allSatisfy({ byte in
        byte == 0x20 || byte == 0x3F || byte.decimalDigit != nil || byte &- 0x61 < 6
      })
    else { return nil }
    rest.skipSpaces()
    return rest
  }
}
