internal import Bytes
internal import Glibc
internal import Input

/// One file of `strace -ff`: the lines of one thread. Only the file's name has the thread's number.
final class StraceThreadFile {
  let thread: Int32
  private let source: any ByteSource
  private var buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  private var isAtEnd = false
  /// Whether the file could not be read to its end.
  private(set) var isTorn = false
  /// The line that `advance` has read, valid until the next call of it.
  private(set) var line = UnsafeRawBufferPointer(start: nil, count: 0)
  /// When that line was written, if it says so.
  private(set) var time: StraceTime?

  private static let size = 1 << 14
  private static let longestLine = 1 << 24

  init(_ source: any ByteSource, thread: Int32) {
    self.thread = thread
    self.source = source
    buffer = .allocate(byteCount: Self.size, alignment: 16)
  }

  deinit {
    buffer.deallocate()
  }

  /// Reads the next complete line; false at the file's end, and if the file can't be read any
  /// further.
  func advance() -> Bool {
    while true {
      if end > start, let base = buffer.baseAddress,
        let found = memchr(base + start, 0x0A, end - start)
      {
        let length = UnsafeRawPointer(found) - UnsafeRawPointer(base + start)
        line = UnsafeRawBufferPointer(start: base + start, count: length)
        start += length + 1
        time = StraceLine(ByteScanner(line))?.time
        return true
      }
      guard refill() else { return false }
    }
  }

  private func refill() -> Bool {
    guard !isAtEnd else { return false }
    if start > 0 {
      buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[start..<end]))
      end -= start
      start = 0
    }
    if end == buffer.count {
      guard end < Self.longestLine else {
        isTorn = true
        return false
      }
      let larger = UnsafeMutableRawBufferPointer.allocate(byteCount: end * 2, alignment: 16)
      larger.copyMemory(from: UnsafeRawBufferPointer(buffer))
      buffer.deallocate()
      buffer = larger
    }
    do throws(InputError) {
      let count = try source.read(into: UnsafeMutableRawBufferPointer(rebasing: buffer[end...]))
      end += count
      isAtEnd = count == 0
    } catch {
      isTorn = true
      isAtEnd = true
    }
    return !isAtEnd
  }

  /// Whether the line is about the thread's end. Nothing of interest follows it.
  var isEnd: Bool {
    guard let body = StraceLine(ByteScanner(line))?.body else { return false }
    return body.starts(with: "+++ ") && !body.starts(with: "+++ superseded")
      || body.starts(with: "exit_group(")
  }

  /// The thread whose execve has replaced this one, the leader, if the line says so.
  var superseder: Int32? {
    guard let body = StraceLine(ByteScanner(line))?.body, body.starts(with: "+++ superseded"),
      case .superseded(let thread) = StraceEntry(body)
    else { return nil }
    return thread
  }

  /// Whether an execve begins with the line that returns elsewhere, if at all.
  var beginsExecution: Bool {
    guard var rest = StraceLine(ByteScanner(line))?.body,
      let call = rest.read(until: UInt8(ascii: "(")).flatMap(StraceCall.init),
      call == .execve || call == .execveat
    else { return false }
    return rest.bytes.last == UInt8(ascii: ">")
  }

  /// The thread that was created, if the line says so.
  var child: Int32? {
    guard let line = StraceLine(ByteScanner(line)) else { return nil }
    var rest = line.body
    let isResumed = rest.skip("<... ")
    guard let name = rest.read(until: isResumed ? 0x20 : UInt8(ascii: "(")),
      StraceCall(name)?.createsThread == true
    else { return nil }
    return StraceResult(rest)?.child
  }
}
