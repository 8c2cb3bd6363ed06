internal import Bytes

/// A zip archive (PKWARE's APPNOTE.TXT 6.3.10). Its central directory says what is in it.
///
/// What the directory says is not believed: members that overlap, or that unpack to more than they
/// should, are errors.
package struct ZipArchive {
  package let file: PositionedFile
  /// The files in it, in the directory's order; folders and links are none.
  package let members: [ZipMember]
  /// How many bytes all members have together.
  package let unpackedSize: Int

  /// Whether an input that begins with these bytes is an archive: with a member, or with the end of
  /// an empty one.
  package static func isBeginning(_ bytes: some Collection<UInt8>) -> Bool {
    bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x50, 0x4b, 5, 6])
  }

  /// Reads the directory.
  package init(
    _ file: PositionedFile, limits: ZipLimits = ZipLimits()
  ) throws(InputError) {
    let ending = try ZipEnding(of: file)
    var entries = ZipEntries(file, ending)
    var found: [ZipMember] = []
    var unpackedSize = 0
    var count = 0
    guard ending.count <= UInt64(limits.members) else { throw limits.tooMany }
    while let entry = try entries.next() {
      count += 1
      guard count <= limits.members else { throw limits.tooMany }
      let (sum, overflow) = unpackedSize.addingReportingOverflow(entry.member.size)
      guard !overflow, sum <= limits.unpackedSize else { throw limits.tooLarge }
      unpackedSize = sum
      found.append(entry.member)
      if !entry.isFile { found[count - 1].name = "" }
    }
    guard UInt64(count) == ending.count else {
      throw .damaged("the archive has other members than its directory says")
    }
    try Self.delimit(&found, directory: ending.directory.lowerBound)
    for member in found {
      let others = unpackedSize - member.size
      unpackedSize =
        others + member.measuredSize(in: file, atMost: limits.unpackedSize - others)
      guard unpackedSize <= limits.unpackedSize else { throw limits.tooLarge }
    }
    if let error = limits.error(unpacked: unpackedSize, packed: file.size) { throw error }
    self.file = file
    self.unpackedSize = unpackedSize
    members = Self.renamed(found.filter { !$0.name.isEmpty })
  }

  /// Sets where each member ends, at the latest.
  private static func delimit(
    _ members: inout [ZipMember], directory: Int
  ) throws(InputError) {
    var end = directory
    for index in members.indices.sorted(by: { members[$0].start > members[$1].start }) {
      let member = members[index]
      let least = ZipRecord.localHeaderSize + member.compressedSize
      guard member.start <= end, least <= end - member.start else {
        throw .damaged("members of the archive overlap")
      }
      members[index].end = end
      end = member.start
    }
  }

  /// Numbers members that have the name of an earlier one.
  private static func renamed(_ members: [ZipMember]) -> [ZipMember] {
    var seen: [String: Int] = [:]
    return members.map { member in
      let count = seen[member.name, default: 0] + 1
      seen[member.name] = count
      guard count > 1 else { return member }
      var member = member
      member.name += " (\(count))"
      return member
    }
  }
}
