/// What a call has returned: `= 0`, `= 123<python3>`, `= -1 ENOENT (...)`, `= ?`.
struct StraceResult {
  /// nil for `?` and for what is no number.
  let value: Int64?
  /// The number of a new thread, as strace itself knows it.
  let child: Int32?

  /// nil where the text has no result.
  init?(_ text: StraceBytes) {
    guard var rest = text.behindLast(" = ") else { return nil }
    rest.skipSpaces()
    let isNegative = rest.skip("-")
    guard let number = rest.number().flatMap({ Int64(exactly: $0) }) else {
      value = nil
      child = nil
      return
    }
    value = isNegative ? -number : number
    // `= 5 /* 1234 in strace's PID NS */` (--decode-pids=pidns).
    if var comment = rest.behindLast("/* "), let outer = comment.number(),
      comment.starts(with: " in strace's PID NS")
    {
      child = Int32(exactly: outer)
    } else {
      child = isNegative || number == 0 ? nil : Int32(exactly: number)
    }
  }
}
