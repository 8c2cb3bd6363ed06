internal import Bytes

/// The entries of an archive's directory, one after the other (APPNOTE.TXT, 4.3.12).
struct ZipEntries {
  struct Entry {
    var member: ZipMember
    /// False for a folder, a link, and a special file.
    var isFile: Bool
  }

  private let file: PositionedFile
  private var position: Int
  private let end: Int
  /// Longer than any path (PATH_MAX, Linux' limits.h).
  private static let longestName = 4096

  init(_ file: PositionedFile, _ ending: ZipEnding) {
    self.file = file
    position = ending.directory.lowerBound
    end = ending.directory.upperBound
  }

  /// Returns the next entry; nil behind the last one.
  mutating func next() throws(InputError) -> Entry? {
    guard position < end else { return nil }
    let damage = InputError.damaged("the archive's directory is damaged")
    let record = ZipRecord(try file.bytes(at: position, count: ZipRecord.entrySize))
    guard record.bytes.count == ZipRecord.entrySize,
      record.number(at: 0, UInt32.self) == ZipRecord.entry
    else { throw damage }
    let nameLength = Int(record.number(at: 28, UInt16.self))
    let extraLength = Int(record.number(at: 30, UInt16.self))
    let length =
      ZipRecord.entrySize + nameLength + extraLength + Int(record.number(at: 32, UInt16.self))
    guard length <= end - position, nameLength <= Self.longestName else { throw damage }
    let rest = try file.bytes(
      at: position + ZipRecord.entrySize, count: nameLength + extraLength)
    guard rest.count == nameLength + extraLength else { throw damage }
    position += length
    guard
      let sizes = Sizes(record, extra: ZipRecord(Array(rest[nameLength...]))),
      sizes.start + ZipRecord.localHeaderSize <= file.size
    else { throw damage }
    let name = rest[..<nameLength]
    let member = ZipMember(
      name: String(exactly: name), size: sizes.size, compressedSize: sizes.compressedSize,
      checksum: record.number(at: 16, UInt32.self), method: record.number(at: 10, UInt16.self),
      isEncrypted: record.number(at: 8, UInt16.self) & 1 != 0, start: sizes.start)
    return Entry(member: member, isFile: isFile(record, name))
  }

  /// A folder's name ends in a slash. On Unix (system 3 of the writer) the attributes have the
  /// file's mode in their upper half.
  private func isFile(_ record: ZipRecord, _ name: ArraySlice<UInt8>) -> Bool {
    guard let last = name.last, last != UInt8(ascii: "/") else { return false }
    guard record.number(at: 5, UInt8.self) == 3 else { return true }
    let kind = record.number(at: 38, UInt32.self) >> 16 & 0o170000
    return kind == 0 || kind == 0o100000
  }

  /// The numbers that a zip64 archive has in an extra field if they need more than 32 bits
  /// (APPNOTE.TXT, 4.5.3).
  private struct Sizes {
    var size: Int
    var compressedSize: Int
    var start: Int

    /// Returns nil if a number is missing or absurd.
    init?(_ record: ZipRecord, extra: ZipRecord) {
      var numbers = [24, 20, 42].map { UInt64(record.number(at: $0, UInt32.self)) }
      if numbers.contains(0xffff_ffff) {
        guard var place = Self.field(1, of: extra) else { return nil }
        for index in numbers.indices where numbers[index] == 0xffff_ffff {
          guard place.count >= 8 else { return nil }
          numbers[index] = extra.number(at: place.lowerBound, UInt64.self)
          place = (place.lowerBound + 8)..<place.upperBound
        }
      }
      // Sums of two must not overflow.
      guard numbers.allSatisfy({ $0 < 1 << 62 }) else { return nil }
      size = Int(numbers[0])
      compressedSize = Int(numbers[1])
      start = Int(numbers[2])
    }

    private static func field(_ kind: UInt16, of extra: ZipRecord) -> Range<Int>? {
      var position = 0
      while extra.bytes.count - position >= 4 {
        let start = position + 4
        let length = Int(extra.number(at: position + 2, UInt16.self))
        guard length <= extra.bytes.count - start else { return nil }
        if extra.number(at: position, UInt16.self) == kind { return start..<(start + length) }
        position = start + length
      }
      return nil
    }
  }
}
