import Input
import Recording

/// Bytes in memory as an input, in pieces, with an error at their end.
final class Bytes: ByteSource {
  private var rest: ArraySlice<UInt8>
  private let piece: Int
  private let error: InputError?

  init(_ bytes: [UInt8], piece: Int = .max, error: InputError? = nil) {
    rest = bytes[...]
    self.piece = piece
    self.error = error
  }

  convenience init(_ text: String) {
    self.init(Array(text.utf8))
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    let part = rest.prefix(min(piece, buffer.count))
    if part.isEmpty, let error { throw error }
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    rest = rest.dropFirst(part.count)
    return part.count
  }
}
