internal import Input
internal import Recording

/// An input, piece by piece, to its end; a file that is followed to the end of the run in it.
struct InputPieces: ~Copyable {
  private let input: any ByteSource
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 18, alignment: 64)
  private var follower: Follower?

  init(_ input: any ByteSource, isFollowed: Bool) {
    self.input = input
    follower = isFollowed ? Follower() : nil
  }

  deinit {
    buffer.deallocate()
  }

  /// Returns the next piece, which is valid until the next call; nil at the end.
  ///
  /// - Parameter isComplete: Whether what was read is a whole run: then nothing more is waited for.
  mutating func next(isComplete: Bool) throws(InputError) -> UnsafeRawBufferPointer? {
    while true {
      let count = try input.read(into: buffer)
      if count > 0 { return UnsafeRawBufferPointer(rebasing: buffer[..<count]) }
      guard !isComplete, follower?.waitForMore() == true else { return nil }
    }
  }
}
