internal import Bytes
internal import Glibc

/// A regular file, or a part of one, that is read at any position. Several threads may use it at
/// once.
package final class PositionedFile: Sendable {
  private let descriptor: Int32
  /// The file that owns the descriptor; nil if it is this one.
  private let owner: PositionedFile?
  private let start: Int
  /// In bytes, as it was when the file was opened.
  package let size: Int

  /// Opens a file, and never waits: anything but a regular file is an error.
  ///
  /// The corresponding C calls are `stat`, `open` and `fstat`. The kind is asked for first because
  /// to open a device can do something to it.
  package convenience init(path: String) throws(InputError) {
    var status = stat()
    guard path.withExactCString({ stat($0, &status) }) == 0 else { throw .system(errno) }
    try Self.requireRegular(status)
    let descriptor = path.withExactCString {
      open($0, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK)
    }
    guard descriptor >= 0 else { throw .system(errno) }
    guard fstat(descriptor, &status) == 0 else {
      let code = errno
      close(descriptor)
      throw .system(code)
    }
    // It may have been replaced meanwhile.
    do throws(InputError) {
      try Self.requireRegular(status)
    } catch {
      close(descriptor)
      throw error
    }
    self.init(descriptor: descriptor, size: Int(status.st_size))
  }

  /// Copies a source into a file without a name, in `$TMPDIR` or /tmp.
  ///
  /// - Parameter limit: How many bytes the source may have.
  package convenience init(
    copying source: any ByteSource, atMost limit: Int
  ) throws(InputError) {
    let descriptor = try Self.unnamed()
    do throws(InputError) {
      let size = try Self.copy(source, to: descriptor, atMost: limit)
      self.init(descriptor: descriptor, size: size)
    } catch {
      close(descriptor)
      throw error
    }
  }

  /// A part of another file, which begins at `start`.
  package convenience init(_ file: PositionedFile, from start: Int, count: Int) {
    self.init(
      descriptor: file.descriptor, owner: file, start: file.start + start,
      size: min(count, file.size - start))
  }

  private init(descriptor: Int32, owner: PositionedFile? = nil, start: Int = 0, size: Int) {
    self.descriptor = descriptor
    self.owner = owner
    self.start = start
    self.size = size
  }

  deinit {
    if owner == nil { close(descriptor) }
  }

  /// Fills the beginning of `buffer` from a position on. Returns how many bytes it has read; 0 at
  /// the end. The corresponding C call is `pread`.
  package func read(
    into buffer: UnsafeMutableRawBufferPointer, at position: Int
  ) throws(InputError) -> Int {
    let count = owner == nil ? buffer.count : min(buffer.count, size - position)
    guard count > 0 else { return 0 }
    while true {
      let got = pread(descriptor, buffer.baseAddress, count, start + position)
      if got >= 0 { return got }
      if errno != EINTR { throw .system(errno) }
    }
  }

  /// Returns `count` bytes from a position on, or fewer if the file ends before.
  package func bytes(at position: Int, count: Int) throws(InputError) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: count, alignment: 16)
    defer { buffer.deallocate() }
    var filled = 0
    while filled < count {
      let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      let got = try read(into: rest, at: position + filled)
      if got == 0 { break }
      filled += got
    }
    return Array(buffer[..<filled])
  }

  private static func requireRegular(_ status: stat) throws(InputError) {
    switch status.st_mode & S_IFMT {
    case S_IFREG: return
    case S_IFDIR: throw .system(EISDIR)
    default: throw .refused("it is not a regular file")
    }
  }

  /// The corresponding C calls are `mkstemp` and `unlink`.
  private static func unnamed() throws(InputError) -> Int32 {
    let folder = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    var template = Array("\(folder)/spawntrace-XXXXXX".utf8CString)
    let descriptor = mkstemp(&template)
    guard descriptor >= 0 else { throw .system(errno) }
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    unlink(template)
    return descriptor
  }

  private static func copy(
    _ source: any ByteSource, to descriptor: Int32, atMost limit: Int
  ) throws(InputError) -> Int {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 16, alignment: 16)
    defer { buffer.deallocate() }
    var size = 0
    while true {
      let count = try source.read(into: buffer)
      if count == 0 { return size }
      guard size + count <= limit else { throw .refused("it unpacks to more than is allowed") }
      var written = 0
      while written < count {
        let rest = UnsafeRawBufferPointer(rebasing: buffer[written..<count])
        let got = pwrite(descriptor, rest.baseAddress, rest.count, size + written)
        if got > 0 {
          written += got
        } else if got == 0 || errno != EINTR {
          throw .system(got == 0 ? ENOSPC : errno)
        }
      }
      size += count
    }
  }
}
