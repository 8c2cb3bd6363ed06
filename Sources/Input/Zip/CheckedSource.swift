internal import CZlib

/// Compares a member with what the archive says of it: its size and its CRC-32.
final class CheckedSource: ByteSource {
  private let base: any ByteSource
  private let size: Int
  private let checksum: UInt32
  private var count = 0
  private var current: UInt = 0
  private var failure: InputError?

  init(_ base: any ByteSource, size: Int, checksum: UInt32) {
    self.base = base
    self.size = size
    self.checksum = checksum
  }

  /// Never returns more bytes than the archive says. The corresponding C call is `crc32`.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    if let failure { throw failure }
    do throws(InputError) {
      let got = try base.read(into: buffer)
      if got == 0 {
        guard count == size else { throw .torn }
        guard UInt32(truncatingIfNeeded: current) == checksum else {
          throw .damaged("the member's checksum is wrong")
        }
        return 0
      }
      guard got <= size - count else {
        throw .damaged("the member unpacks to more than the archive says")
      }
      count += got
      let start = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      current = crc32(current, start, UInt32(got))
      return got
    } catch {
      failure = error
      throw error
    }
  }
}
