internal import Bytes

/// The result of a call: `= 0`, `= 123<python3>`, `= -1 ENOENT (...)`, `= ?`.
struct StraceResult {
  /// nil for `?`, and if it isn't a number.
  let value: Int64?
  /// The number of a new thread, as strace itself sees it.
  let child: Int32?

  /// Returns nil if the text has no result.
  init?(_ text: ByteScanner) {
    guard var rest = text.rest(afterLast: " = ") else { return nil }
    rest.skipSpaces()
    let isNegative = rest.skip("-")
    guard let number = rest.decimal().flatMap({ Int64(exactly: $0) }) else {
      value = nil
      child = nil
      return
    }
    value = isNegative ? -number : number
    // `= 5 /* 1234 in strace's PID NS */` (--decode-pids=pidns).
    if var comment = rest.rest(afterLast: "/* "), let outer = comment.decimal(),
      comment.starts(with: " in strace's PID NS")
    {
      child = Int32(exactly: outer)
    } else {
      child = isNegative || number == 0 ? nil : Int32(exactly: number)
    }
  }
}
