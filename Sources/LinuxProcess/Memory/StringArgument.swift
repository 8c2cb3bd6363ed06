internal import CSpawnTrace
package import TraceModel

/// Reads strings that system calls point to, into one buffer that is used again for each.
///
/// The corresponding C call is `process_vm_readv`.
package final class StringArgumentReader {
  /// PATH_MAX of <linux/limits.h>: the kernel takes no longer path.
  package static let limit = 4096

  /// The most bytes that are read of a text of a given length.
  package static let textLimit = 16_384

  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: textLimit, alignment: 16)

  package init() {}

  deinit {
    buffer.deallocate()
  }

  /// Reads the bytes before the NUL at `address`, as far as they are readable and `limit` allows;
  /// nil if nothing is readable. Valid until the next call.
  package func bytes(at address: UInt64, of thread: ThreadID) -> UnsafeRawBufferPointer? {
    var count = 0
    while count < Self.limit {
      let (position, overflow) = address.addingReportingOverflow(UInt64(count))
      if overflow { break }
      // Up to the page's end, because the next page may not be there; most paths are short.
      let room = 4096 - Int(position & 4095)
      let wanted = min(count == 0 ? 256 : room, room, Self.limit - count)
      guard let base = buffer.baseAddress else { return nil }
      let read = spawntrace_read_memory(thread.rawValue, position, base + count, wanted)
      if read <= 0 { break }
      if let end = buffer[count..<(count + read)].firstIndex(of: 0) {
        return UnsafeRawBufferPointer(rebasing: buffer[..<end])
      }
      count += read
      if read < wanted { break }
    }
    return count == 0 ? nil : UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }

  /// Reads exactly `count` bytes at `address`, at most `textLimit`; nil if they aren't readable.
  /// Valid until the next call.
  package func bytes(
    at address: UInt64, count: Int, of thread: ThreadID
  ) -> UnsafeRawBufferPointer? {
    guard count > 0, count <= Self.textLimit, let base = buffer.baseAddress,
      spawntrace_read_memory(thread.rawValue, address, base, count) == count
    else { return nil }
    return UnsafeRawBufferPointer(rebasing: buffer[..<count])
  }
}
