import Glibc
import Testing

/// Pages of this process, with one behind them that can't be read.
final class GuardedPages {
  static let pageSize = 4096

  private let base: UnsafeMutableRawPointer
  private let count: Int

  init(_ count: Int) throws {
    self.count = count
    base = try #require(
      mmap(
        nil, (count + 1) * Self.pageSize, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0
      ))
    try #require(base != MAP_FAILED)
    try #require(mprotect(base + count * Self.pageSize, Self.pageSize, PROT_NONE) == 0)
  }

  deinit {
    munmap(base, (count + 1) * Self.pageSize)
  }

  /// The address of the first page.
  var start: UInt64 { UInt64(UInt(bitPattern: base)) }
  /// The address of the page that can't be read.
  var end: UInt64 { start + UInt64(count * Self.pageSize) }

  /// Writes bytes that end before the guard.
  func put(atEnd bytes: [UInt8]) -> UInt64 {
    put(bytes, at: count * Self.pageSize - bytes.count)
  }

  func put(_ bytes: [UInt8], at offset: Int) -> UInt64 {
    (base + offset).copyMemory(from: bytes, byteCount: bytes.count)
    return start + UInt64(offset)
  }

  /// Makes a page unreadable, or readable again.
  func protect(page: Int, _ rights: Int32) throws {
    try #require(mprotect(base + page * Self.pageSize, Self.pageSize, rights) == 0)
  }
}
