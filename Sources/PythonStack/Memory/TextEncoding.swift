internal import Bytes

/// How the characters of a Python text lie in memory.
enum TextEncoding: Hashable, Sendable {
  /// ASCII, or the bytes of a Python 2 `str`, which are read as UTF-8.
  case utf8
  /// One byte per character: U+0000 to U+00FF (`PyUnicode_1BYTE_KIND`).
  case latin1
  /// Two bytes per character, without surrogate pairs (`PyUnicode_2BYTE_KIND`).
  case ucs2
  /// Four bytes per character (`PyUnicode_4BYTE_KIND`).
  case ucs4

  /// The encoding that a text's state names; nil if the state isn't valid.
  init?(state: UInt32, _ text: StructureOffsets.Text) {
    switch (state & text.kindMask) >> text.kindMask.trailingZeroBitCount {
    case 1: self = state & text.asciiMask != 0 ? .utf8 : .latin1
    case 2: self = .ucs2
    case 4: self = .ucs4
    default: return nil
    }
  }

  /// Bytes per character; for UTF-8, bytes per code unit.
  var width: Int {
    switch self {
    case .utf8, .latin1: 1
    case .ucs2: 2
    case .ucs4: 4
    }
  }

  /// The character of a code point. Python keeps a byte of a file name that isn't UTF-8 as a lone
  /// surrogate from U+DC80 on (PEP 383, `surrogateescape`).
  private static func scalar(_ codePoint: UInt32) -> Unicode.Scalar {
    (0xDC80...0xDCFF).contains(codePoint)
      ? String.standIn(for: UInt8(truncatingIfNeeded: codePoint))
      : Unicode.Scalar(codePoint) ?? "\u{FFFD}"
  }

  /// Decodes text that contains some of the characters with which `String(exactly:)` represents
  /// bytes: they are kept as bytes, too. Returns nil if there are none.
  private func textOfLastCharacters(_ bytes: UnsafeRawBufferPointer) -> String? {
    let codePoints = stride(from: 0, to: bytes.count - 3, by: 4).lazy.map {
      bytes.loadUnaligned(fromByteOffset: $0, as: UInt32.self).littleEndian
    }
    guard codePoints.contains(where: { Unicode.Scalar($0)?.keptByte != nil }) else { return nil }
    return codePoints.reduce(into: "") { text, codePoint in
      let scalar = Self.scalar(codePoint)
      if Unicode.Scalar(codePoint)?.keptByte == nil {
        text.unicodeScalars.append(scalar)
      } else {
        text += String(exactly: Array(String(scalar).utf8))
      }
    }
  }

  /// The text in `bytes`.
  func decode(_ bytes: UnsafeRawBufferPointer) -> String {
    if case .utf8 = self {
      return String(exactly: bytes)
    }
    if self == .ucs4, let text = textOfLastCharacters(bytes) { return text }
    // A code point takes at most 2 bytes of UTF-8 below U+0800, else at most 4.
    let count = bytes.count / width
    let longest = self == .latin1 ? 2 : 4
    return String(unsafeUninitializedCapacity: count * longest) { output in
      var end = 0
      for index in 0..<count {
        let codePoint: UInt32 =
          switch self {
          case .utf8, .latin1: UInt32(bytes[index])
          case .ucs2:
            UInt32(bytes.loadUnaligned(fromByteOffset: 2 * index, as: UInt16.self).littleEndian)
          case .ucs4:
            bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self).littleEndian
          }
        for byte in Self.scalar(codePoint).utf8 {
          output[end] = byte
          end += 1
        }
      }
      return end
    }
  }
}
