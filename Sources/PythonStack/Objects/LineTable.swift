/// The table that maps a code object's instructions to source lines.
///
/// The bytes come from the traced process: any bytes give an answer, which may be nil.
struct LineTable: Hashable, Sendable {
  /// The formats that CPython has had.
  enum Format: Hashable, Sendable {
    /// `co_lnotab`, up to 3.9: pairs of increments of the address and of the line. The line's byte
    /// is signed from 3.6 on (CPython 3.9, Objects/lnotab_notes.txt).
    case deltas(isSigned: Bool)
    /// 3.10: pairs of a range's length and the difference of its line from the one before (PEP 626;
    /// CPython 3.10, Objects/lnotab_notes.txt).
    case ranges
    /// 3.11 and later: entries of varying length with columns (CPython 3.11, Objects/locations.md).
    case locations
  }

  /// The longest table that is read, in bytes.
  static let longest: UInt64 = 1 << 20

  var format: Format
  /// `co_firstlineno`.
  var firstLine: Int
  var bytes: [UInt8]

  /// The line of the instruction that begins `offset` bytes into the code; nil if the table has
  /// none. A frame that hasn't begun has an offset before the code.
  func line(at offset: Int64) -> Int? {
    let line: Int? =
      if offset < 0 {
        firstLine
      } else {
        switch format {
        case .deltas(let isSigned): deltaLine(at: offset, isSigned: isSigned)
        case .ranges: rangeLine(at: offset)
        case .locations: locationLine(at: offset)
        }
      }
    // The instruction before a module's first statement has line 0 in 3.11 and later.
    return line.flatMap { $0 > 0 ? $0 : nil }
  }

  private func deltaLine(at offset: Int64, isSigned: Bool) -> Int {
    var line = firstLine
    var address: Int64 = 0
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      address += Int64(bytes[index])
      if address > offset {
        break
      }
      let delta = bytes[index + 1]
      line += isSigned ? Int(Int8(bitPattern: delta)) : Int(delta)
    }
    return line
  }

  private func rangeLine(at offset: Int64) -> Int? {
    var line = firstLine
    var end: Int64 = 0
    for index in stride(from: 0, to: bytes.count - 1, by: 2) {
      end += Int64(bytes[index])
      let delta = Int8(bitPattern: bytes[index + 1])
      // -128 means that the range has no line.
      if delta != -128 {
        line += Int(delta)
      }
      if offset < end {
        return delta == -128 ? nil : line
      }
    }
    return nil
  }

  private func locationLine(at offset: Int64) -> Int? {
    var reader = LocationReader(bytes: bytes)
    var line = firstLine
    var end: Int64 = 0
    while let head = reader.byte() {
      // Bit 7 marks an entry's first byte. Four bits are its form, three its length in code units.
      let form = head >> 3 & 15
      end += 2 * (Int64(head & 7) + 1)
      switch form {
      case 15:
        // No line.
        break
      case 14:
        // The line, the line's end, and both columns.
        guard let delta = reader.signedNumber() else { return nil }
        line &+= delta
        for _ in 0..<3 where reader.number() == nil {
          return nil
        }
      case 13:
        // The line only.
        guard let delta = reader.signedNumber() else { return nil }
        line &+= delta
      case 10...12:
        // The line, 0 to 2 lines further on, and both columns.
        line &+= Int(form) - 10
        reader.skip(2)
      default:
        // The same line, and both columns in one byte.
        reader.skip(1)
      }
      if offset < end {
        return form == 15 ? nil : line
      }
    }
    return nil
  }
}

/// Reads the numbers of a table of locations.
private struct LocationReader {
  let bytes: [UInt8]
  var position = 0

  @inline(__always)
  mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  @inline(__always)
  mutating func skip(_ count: Int) {
    position += count
  }

  /// Reads a number with six bits per byte, the lowest bits first; bit 6 says that another byte
  /// follows. Returns nil if the table ends in the number, or if it has more bits than a C `int`.
  mutating func number() -> Int? {
    var value = 0
    var shift = 0
    while let byte = byte() {
      value |= Int(byte & 63) << shift
      if byte & 64 == 0 {
        return value
      }
      shift += 6
      guard shift <= 30 else { return nil }
    }
    return nil
  }

  /// Reads a number that has its sign in the lowest bit.
  mutating func signedNumber() -> Int? {
    number().map { $0 & 1 == 1 ? -($0 >> 1) : $0 >> 1 }
  }
}
