/// A record of a zip archive: numbers at fixed places, the lowest byte first (APPNOTE.TXT, 4.4).
struct ZipRecord {
  static let localHeader: UInt32 = 0x0403_4b50
  static let localHeaderSize = 30
  static let entry: UInt32 = 0x0201_4b50
  static let entrySize = 46
  static let end: UInt32 = 0x0605_4b50
  static let endSize = 22
  static let end64: UInt32 = 0x0606_4b50
  static let end64Size = 56
  static let locator: UInt32 = 0x0706_4b50
  static let locatorSize = 20

  let bytes: [UInt8]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Returns the number at a place; 0 if the record is too short.
  func number<Number: FixedWidthInteger & UnsignedInteger>(
    at place: Int, _ type: Number.Type
  ) -> Number {
    let size = Number.bitWidth / 8
    guard place >= 0, bytes.count - place >= size else { return 0 }
    return bytes[place..<(place + size)].reversed().reduce(0) { $0 << 8 | Number($1) }
  }
}
