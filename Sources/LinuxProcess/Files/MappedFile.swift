internal import Bytes
internal import Glibc

/// A file's contents, mapped for reading.
package struct MappedFile: ~Copyable {
  private let bytes: UnsafeRawBufferPointer

  /// Returns nil if the file can't be opened or is empty.
  ///
  /// The corresponding C calls are `open`, `fstat` and `mmap`.
  package init?(path: String) {
    let descriptor = path.withExactCString { open($0, O_RDONLY | O_CLOEXEC) }
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_size > 0 else { return nil }
    let size = Int(status.st_size)
    guard let address = mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0),
      address != MAP_FAILED
    else { return nil }
    bytes = UnsafeRawBufferPointer(start: address, count: size)
  }

  deinit {
    munmap(UnsafeMutableRawPointer(mutating: bytes.baseAddress), bytes.count)
  }

  /// Calls `body` with the file's contents.
  package func withBytes<Result>(_ body: (RawSpan) -> Result) -> Result {
    body(bytes.bytes)
  }
}
