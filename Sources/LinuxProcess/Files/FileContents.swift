internal import Bytes
internal import Glibc

/// Returns the whole of a regular file, or its first `limit` bytes; nil if it can't be read. Meant
/// for /proc: its files are regular and have no size.
///
/// The corresponding C calls are `open`, `fstat`, `read` and `close`. Other kinds of files are not
/// read: a pipe or a terminal could block, and would lose what was read.
package func contents(of path: String, atMost limit: Int = 1 << 22) -> [UInt8]? {
  let descriptor = path.withExactCString {
    open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
  }
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  var status = stat()
  guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
  var size = 4096
  var result: [UInt8] = []
  var isReadable = true
  while isReadable, result.count < limit {
    let known = result
    let capacity = min(known.count + size, limit)
    result = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
      _ = buffer.initialize(from: known)
      count = known.count
      while count < capacity {
        let got = read(descriptor, buffer.baseAddress.map { $0 + count }, capacity - count)
        if got <= 0 {
          isReadable = false
          break
        }
        count += got
      }
    }
    size *= 4
  }
  return result
}

/// Returns the target of a symbolic link; nil if there is no such link.
///
/// The corresponding C call is `readlink`.
package func destination(ofLink path: String) -> String? {
  withUnsafeTemporaryAllocation(byteCount: Int(PATH_MAX), alignment: 1) { buffer in
    guard let base = buffer.baseAddress?.assumingMemoryBound(to: CChar.self) else { return nil }
    let count = path.withExactCString { readlink($0, base, buffer.count) }
    guard count >= 0 else { return nil }
    return String(exactly: buffer[..<count])
  }
}
