/// Makes UTF-8 of text in UTF-16 with a byte order mark, as PowerShell writes it. The mark is left
/// out, and what is damaged becomes U+FFFD.
package final class UTF16Source: ByteSource {
  private let base: any ByteSource
  private let isBigEndian: Bool
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 1 << 14, alignment: 16)
  /// How many bytes of the input are left: one that is half of a unit.
  private var filled = 0
  /// The first half of a character outside of the Basic Multilingual Plane.
  private var lead: UInt16?
  /// Text that wasn't returned yet.
  private var output: [UInt8] = []
  private var position = 0
  private var isAtMark = true
  private var isAtEnd = false

  /// Whether a text begins with the mark. That of UTF-32 is another one.
  package static func isBeginning(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 2 else { return false }
    return bytes.starts(with: [0xfe, 0xff])
      || bytes.starts(with: [0xff, 0xfe]) && !bytes.dropFirst(2).starts(with: [0, 0])
  }

  /// - Parameter beginning: The first two bytes at least; they are read from the base again.
  package init(_ base: any ByteSource, beginning: [UInt8]) {
    self.base = base
    isBigEndian = beginning.first == 0xfe
  }

  deinit {
    input.deallocate()
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    guard !buffer.isEmpty else { return 0 }
    while position == output.count {
      if isAtEnd { return 0 }
      try refill()
    }
    let part = output[position...].prefix(buffer.count)
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    position += part.count
    return part.count
  }

  private func refill() throws(InputError) {
    output.removeAll(keepingCapacity: true)
    position = 0
    let count = try base.read(into: UnsafeMutableRawBufferPointer(rebasing: input[filled...]))
    isAtEnd = count == 0
    filled += count
    var index = 0
    while filled - index >= 2 {
      let (first, second) = (UInt16(input[index]), UInt16(input[index + 1]))
      add(isBigEndian ? first << 8 | second : second << 8 | first)
      index += 2
    }
    if index < filled { input[0] = input[index] }
    filled -= index
    guard isAtEnd else { return }
    if lead != nil { append("\u{FFFD}") }
    if filled > 0 { append("\u{FFFD}") }
  }

  private func add(_ unit: UInt16) {
    if let high = lead {
      lead = nil
      if UTF16.isTrailSurrogate(unit) {
        let value = 0x1_0000 + (UInt32(high) - 0xd800) << 10 + (UInt32(unit) - 0xdc00)
        append(Unicode.Scalar(value) ?? "\u{FFFD}")
        return
      }
      append("\u{FFFD}")
    }
    if UTF16.isLeadSurrogate(unit) {
      lead = unit
    } else if !isAtMark || unit != 0xfeff {
      append(Unicode.Scalar(unit) ?? "\u{FFFD}")
    }
    isAtMark = false
  }

  private func append(_ scalar: Unicode.Scalar) {
    output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
  }
}
