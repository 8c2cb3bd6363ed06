internal import Glibc

/// Text that keeps bytes which aren't UTF-8: paths and arguments are bytes to the kernel.
///
/// A byte from 0x80 on that belongs to no valid sequence becomes a character of its own, of the last 128
/// of Unicode's private ones (U+10FF80 to U+10FFFF). Where a text has such a character itself, its bytes
/// are kept in the same way, so that no two sequences of bytes are the same text.
extension String {
  private static let firstKept: UInt32 = 0x10_FF80
  /// The first byte of characters that represent bytes, which begin with F4 8F BE and F4 8F BF in UTF-8.
  private static let lead: UInt8 = 0xF4

  /// Decodes UTF-8, and keeps each byte that doesn't belong to it.
  package init(exactly bytes: some Collection<UInt8>) {
    let text =
      bytes.withContiguousStorageIfAvailable(Self.valid)
      ?? Array(bytes).withUnsafeBufferPointer(Self.valid)
    self = text ?? Self.kept(Array(bytes))
  }

  /// Decodes UTF-8; nil if some bytes don't belong to it, or a character is one that represents a byte.
  private static func valid(_ bytes: UnsafeBufferPointer<UInt8>) -> String? {
    // `String(validating:)` isn't specialized, and looks for its generic types at run time.
    var text = String(decoding: bytes, as: UTF8.self)
    let isSame = text.withUTF8 { decoded in
      guard decoded.count == bytes.count else { return false }
      guard let left = decoded.baseAddress, let right = bytes.baseAddress else { return true }
      return memcmp(left, right, bytes.count) == 0
    }
    return isSame && !text.keepsBytes ? text : nil
  }

  private static func kept(_ bytes: [UInt8]) -> String {
    var result = ""
    var index = 0
    while index < bytes.count {
      let length = sequenceLength(bytes, at: index)
      let sequence = bytes[index..<(index + length)]
      if let scalar = String(validating: sequence, as: UTF8.self)?.unicodeScalars.first,
        scalar.value < firstKept
      {
        result.unicodeScalars.append(scalar)
        index += length
      } else {
        result.unicodeScalars.append(standIn(for: bytes[index]))
        index += 1
      }
    }
    return result
  }

  /// Returns the length of the sequence that begins at an index, up to the end of the bytes.
  private static func sequenceLength(_ bytes: [UInt8], at index: Int) -> Int {
    let length =
      switch bytes[index] {
      case 0xC2...0xDF: 2
      case 0xE0...0xEF: 3
      case 0xF0...0xF4: 4
      default: 1
      }
    return Swift.min(length, bytes.count - index)
  }

  /// Returns the character that represents a byte from 0x80 on.
  package static func standIn(for byte: UInt8) -> Unicode.Scalar {
    Unicode.Scalar(firstKept + UInt32(byte & 0x7F)) ?? "\u{FFFD}"
  }

  /// The bytes that the text was made of.
  package var exactBytes: [UInt8] {
    guard keepsBytes else { return Array(utf8) }
    return unicodeScalars.flatMap { scalar in
      scalar.keptByte.map { [$0] } ?? Array(String(scalar).utf8)
    }
  }

  /// Passes the bytes that the text was made of to a C function, with a NUL at their end.
  package func withExactCString<Result>(_ body: (UnsafePointer<CChar>) -> Result) -> Result {
    guard keepsBytes else { return withCString(body) }
    return (exactBytes + [0]).withUnsafeBytes { bytes in
      body(bytes.assumingMemoryBound(to: CChar.self).baseAddress.unsafelyUnwrapped)
    }
  }

  /// Whether some characters represent bytes that aren't UTF-8.
  package var keepsBytes: Bool {
    utf8.contains(Self.lead) && unicodeScalars.contains { $0.keptByte != nil }
  }

  /// The text for readers of UTF-8, with U+FFFD for each byte that doesn't belong to it.
  package var repaired: String {
    guard keepsBytes else { return self }
    var result = ""
    for scalar in unicodeScalars {
      result.unicodeScalars.append(scalar.keptByte == nil ? scalar : "\u{FFFD}")
    }
    return result
  }
}

extension Unicode.Scalar {
  /// The byte that the character represents; nil if it represents itself.
  package var keptByte: UInt8? {
    value >= 0x10_FF80 ? UInt8(value & 0x7F) | 0x80 : nil
  }
}
