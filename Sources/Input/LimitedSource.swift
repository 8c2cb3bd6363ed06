/// Decompresses a source up to a limit. Beyond it each read fails.
final class LimitedSource: ByteSource {
  private let packed: CountedSource
  private let unpacked: any ByteSource
  private let limit: UnpackLimit
  private var count = 0
  private var failure: InputError?

  /// - Parameter decompress: Makes the source that decompresses another one.
  init(
    _ packed: any ByteSource, _ limit: UnpackLimit,
    _ decompress: (any ByteSource) throws(InputError) -> any ByteSource
  ) throws(InputError) {
    let packed = CountedSource(packed)
    self.packed = packed
    self.limit = limit
    unpacked = try decompress(packed)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    if let failure { throw failure }
    let got = try unpacked.read(into: buffer)
    count += got
    failure =
      limit.error(unpacked: count, packed: packed.count) ?? limit.archive?.add(got, limit)
    if let failure { throw failure }
    return got
  }

  /// A source whose bytes are counted.
  private final class CountedSource: ByteSource {
    private let base: any ByteSource
    private(set) var count = 0

    init(_ base: any ByteSource) {
      self.base = base
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
      let got = try base.read(into: buffer)
      count += got
      return got
    }
  }
}
