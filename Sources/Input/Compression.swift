/// How a file is compressed, judged by its first bytes.
package enum Compression: Hashable, Sendable {
  case gzip
  case zstd

  /// How many bytes show it.
  package static let length = 4

  /// Returns nil if it isn't compressed. The magic bytes are those of RFC 1952, section 2.3.1, and
  /// RFC 8878, section 3.1.1.
  package init?(_ beginning: [UInt8]) {
    if beginning.starts(with: [0x1f, 0x8b]) {
      self = .gzip
    } else if beginning.starts(with: [0x28, 0xb5, 0x2f, 0xfd]) {
      self = .zstd
    } else {
      return nil
    }
  }
}
