internal import Bytes
internal import TraceModel

/// What happened, as the body of a line says it.
enum StraceEntry {
  /// A call begins. Its arguments follow, and its result if it has returned on the same line.
  case called(StraceCall, ByteScanner)
  /// A call that has begun on another line returns; the rest of its arguments and its result follow.
  case resumed(StraceCall, ByteScanner)
  case ended(Termination)
  /// Another thread's execve has replaced this thread, the leader.
  case superseded(by: Int32)
  case signalled(Int32, sender: Int32?)
  /// strace follows a new thread.
  case attached(Int32)
  /// Something that isn't read.
  case ignored
  /// Not a line of strace.
  case foreign

  @inline(__always)
  init(_ body: ByteScanner) {
    switch body.first {
    case UInt8(ascii: "<"): self = Self.resumed(body)
    case UInt8(ascii: "+"): self = Self.ended(body)
    case UInt8(ascii: "-"): self = Self.signalled(body)
    case UInt8(ascii: "["): self = .ignored
    // A frame (-k), or the end of a call after text that the program itself wrote to the terminal.
    case UInt8(ascii: ">") where body.starts(with: "> "): self = .ignored
    case UInt8(ascii: ")") where body.starts(with: ") "): self = .ignored
    case UInt8(ascii: "=") where body.starts(with: "=> "): self = .ignored
    default: self = Self.called(body)
    }
  }

  private static func called(_ body: ByteScanner) -> StraceEntry {
    var rest = body
    if rest.skip("strace: ") || rest.starts(with: "Process ") {
      return attached(rest).map { .attached($0) } ?? .ignored
    }
    guard let name = rest.read(until: UInt8(ascii: "(")),
      name.bytes.allSatisfy({ $0 &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x5F || $0 == 0x3F })
    else { return .foreign }
    return StraceCall(name).map { .called($0, rest) } ?? .ignored
  }

  /// Reads `Process 123 attached`, which follows `strace: `.
  static func attached(_ text: ByteScanner) -> Int32? {
    var rest = text
    guard rest.skip("Process "), let number = rest.decimal(), rest.starts(with: " attached") else {
      return nil
    }
    return Int32(exactly: number)
  }

  /// `<... vfork resumed>) = 123`; old versions write `resumed> )`.
  private static func resumed(_ body: ByteScanner) -> StraceEntry {
    var rest = body
    guard rest.skip("<... "), let name = rest.read(until: UInt8(ascii: " ")),
      let call = StraceCall(name), rest.skip("resumed>")
    else { return .ignored }
    return .resumed(call, rest)
  }

  /// `+++ exited with 1 +++`, `+++ killed by SIGSEGV (core dumped) +++`,
  /// `+++ superseded by execve in pid 123 +++`
  private static func ended(_ body: ByteScanner) -> StraceEntry {
    var rest = body
    guard rest.skip("+++ ") else { return .ignored }
    if rest.skip("superseded by execve in pid ") {
      return rest.int32().map { .superseded(by: $0) } ?? .ignored
    }
    if rest.skip("exited with ") {
      return rest.int32().map { .ended(.status($0)) } ?? .ignored
    }
    guard rest.skip("killed by "), let name = rest.read(until: UInt8(ascii: " ")) else {
      return .ignored
    }
    return StraceSignals.number(name).map { .ended(.signal($0)) } ?? .ignored
  }

  /// `--- SIGTERM {si_signo=SIGTERM, si_code=SI_USER, si_pid=123, si_uid=0} ---`
  private static func signalled(_ body: ByteScanner) -> StraceEntry {
    var rest = body
    guard rest.skip("--- "), let name = rest.read(until: UInt8(ascii: " ")),
      let signal = StraceSignals.number(name), StraceSignals.isRecorded(signal),
      rest.starts(with: "{")
    else { return .ignored }
    let isSent =
      rest.contains("SI_USER") || rest.contains("SI_TKILL") || rest.contains("SI_QUEUE")
    var sender = isSent ? rest.rest(afterLast: "si_pid=") : nil
    return .signalled(signal, sender: sender?.int32())
  }
}
