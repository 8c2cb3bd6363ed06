/// What the end of an archive says about its directory (APPNOTE.TXT, 4.3.14 to 4.3.16).
struct ZipEnding {
  /// How many entries the directory has.
  private(set) var count: UInt64
  /// Where the directory is in the file.
  private(set) var directory: Range<Int>

  /// Finds the end's record: it stands at the end, and a comment of up to 65,535 bytes may follow.
  init(of file: PositionedFile) throws(InputError) {
    let length = min(file.size, ZipRecord.endSize + 0xffff)
    let tail = try file.bytes(at: file.size - length, count: length)
    guard let place = Self.place(in: tail) else {
      throw .damaged("the archive has no directory: it is damaged or ends in the middle")
    }
    let record = ZipRecord(Array(tail[place...].prefix(ZipRecord.endSize)))
    let position = file.size - length + place
    count = UInt64(record.number(at: 10, UInt16.self))
    var size = UInt64(record.number(at: 12, UInt32.self))
    var start = UInt64(record.number(at: 16, UInt32.self))
    var limit = position
    var isWhole = record.number(at: 4, UInt16.self) == record.number(at: 6, UInt16.self)
    if let (large, place) = try Self.large(file, before: position) {
      count = large.number(at: 32, UInt64.self)
      size = large.number(at: 40, UInt64.self)
      start = large.number(at: 48, UInt64.self)
      isWhole = large.number(at: 16, UInt32.self) == large.number(at: 20, UInt32.self)
      limit = place
    } else {
      isWhole = isWhole && record.number(at: 4, UInt16.self) == 0
    }
    guard isWhole else { throw .refused("the archive is a part of several") }
    let (end, overflow) = start.addingReportingOverflow(size)
    guard !overflow, end <= UInt64(limit) else {
      throw .damaged("the archive's directory lies outside of it")
    }
    directory = Int(start)..<Int(end)
  }

  /// Returns the place of the last record whose comment reaches exactly to the end, or else the
  /// last one whose comment lies in the file.
  private static func place(in tail: [UInt8]) -> Int? {
    var loose: Int?
    var place = tail.count - ZipRecord.endSize
    while place >= 0 {
      if tail[place] == 0x50, tail[place + 1] == 0x4b, tail[place + 2] == 5, tail[place + 3] == 6 {
        let comment = Int(tail[place + 20]) | Int(tail[place + 21]) << 8
        let rest = tail.count - place - ZipRecord.endSize
        if comment == rest { return place }
        if comment < rest, loose == nil { loose = place }
      }
      place -= 1
    }
    return loose
  }

  /// Returns the end's record of a zip64 archive and its place; nil if it isn't one.
  private static func large(
    _ file: PositionedFile, before end: Int
  ) throws(InputError) -> (ZipRecord, Int)? {
    let place = end - ZipRecord.locatorSize
    guard place >= 0 else { return nil }
    let locator = ZipRecord(try file.bytes(at: place, count: ZipRecord.locatorSize))
    guard locator.number(at: 0, UInt32.self) == ZipRecord.locator else { return nil }
    let start = locator.number(at: 8, UInt64.self)
    guard place >= ZipRecord.end64Size, start <= UInt64(place - ZipRecord.end64Size) else {
      throw .damaged("the archive's directory lies outside of it")
    }
    let record = ZipRecord(try file.bytes(at: Int(start), count: ZipRecord.end64Size))
    guard record.number(at: 0, UInt32.self) == ZipRecord.end64 else {
      throw .damaged("the archive's directory is damaged")
    }
    return (record, Int(start))
  }
}
