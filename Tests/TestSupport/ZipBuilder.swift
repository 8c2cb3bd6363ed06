/// Makes zip archives byte by byte (PKWARE's APPNOTE.TXT), also ones that no tool makes.
package struct ZipBuilder {
  package struct Member {
    package var name: [UInt8]
    /// As it stands in the archive.
    package var data: [UInt8]
    package var method: UInt16 = 0
    package var flags: UInt16 = 0
    package var size: UInt32
    package var checksum: UInt32
    /// The mode of a file on Unix; 0 for a writer on another system.
    package var mode: UInt16 = 0o100644
    /// Whether the sizes follow the data and are 0 in front of it.
    package var hasDescriptor = false
    /// Whether the directory has the numbers in a zip64 field.
    package var isLarge = false

    package init(_ name: String, _ text: String) {
      self.init(name, Array(text.utf8))
    }

    package init(_ name: String, _ data: [UInt8]) {
      self.name = Array(name.utf8)
      self.data = data
      size = UInt32(data.count)
      checksum = ZipBuilder.checksum(data)
    }

    /// A member with deflated data, which unpacks to `plain`.
    package init(_ name: String, deflated data: [UInt8], _ plain: [UInt8]) {
      self.init(name, plain)
      self.data = data
      method = 8
    }

    /// The same with changes.
    package func with(_ change: (inout Member) -> Void) -> Member {
      var member = self
      change(&member)
      return member
    }
  }

  package var members: [Member]
  package var comment: [UInt8] = []
  /// Whether the end has a zip64 record.
  package var isLarge = false
  /// The number of members in the end's record; nil for the true one.
  package var count: UInt16?
  /// Added to each offset in the directory.
  package var shift: UInt32 = 0

  package init(_ members: [Member]) {
    self.members = members
  }

  package var bytes: [UInt8] {
    var body: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let start = UInt32(body.count)
      body += local(member)
      directory += entry(member, at: start &+ shift)
    }
    let start = body.count
    body += directory
    if isLarge {
      let end = body.count
      body += Self.u32(0x0606_4b50) + Self.u64(44)
      body += Self.u16(45) + Self.u16(45)
      body += Self.u32(0) + Self.u32(0)
      body += Self.u64(UInt64(members.count)) + Self.u64(UInt64(members.count))
      body += Self.u64(UInt64(directory.count)) + Self.u64(UInt64(start))
      body += Self.u32(0x0706_4b50) + Self.u32(0)
      body += Self.u64(UInt64(end)) + Self.u32(1)
    }
    let count = isLarge ? 0xffff : count ?? UInt16(truncatingIfNeeded: members.count)
    body += Self.u32(0x0605_4b50) + Self.u32(0)
    body += Self.u16(count) + Self.u16(count)
    body += Self.u32(isLarge ? 0xffff_ffff : UInt32(directory.count))
    body += Self.u32(isLarge ? 0xffff_ffff : UInt32(start))
    return body + Self.u16(UInt16(comment.count)) + comment
  }

  private func local(_ member: Member) -> [UInt8] {
    var bytes = Self.u32(0x0403_4b50) + Self.u16(20)
    bytes += Self.u16(member.flags | (member.hasDescriptor ? 8 : 0))
    bytes += Self.u16(member.method) + Self.u32(0)
    let known = !member.hasDescriptor
    bytes += Self.u32(known ? member.checksum : 0)
    bytes += Self.u32(known ? UInt32(member.data.count) : 0)
    bytes += Self.u32(known ? member.size : 0)
    // The extra field of a local header may be longer than the directory's.
    bytes += Self.u16(UInt16(member.name.count)) + Self.u16(4) + member.name
    bytes += Self.u16(0x7075) + Self.u16(0) + member.data
    guard member.hasDescriptor else { return bytes }
    bytes += Self.u32(0x0807_4b50) + Self.u32(member.checksum)
    return bytes + Self.u32(UInt32(member.data.count)) + Self.u32(member.size)
  }

  private func entry(_ member: Member, at start: UInt32) -> [UInt8] {
    var extra: [UInt8] = []
    if member.isLarge {
      // Another field comes first.
      extra += Self.u16(0x9999) + Self.u16(1) + [7]
      extra += Self.u16(1) + Self.u16(24)
      extra += Self.u64(UInt64(member.size)) + Self.u64(UInt64(member.data.count))
      extra += Self.u64(UInt64(start))
    }
    let large = UInt32.max
    var bytes = Self.u32(0x0201_4b50)
    bytes += Self.u16(member.mode == 0 ? 20 : 0x0314) + Self.u16(20)
    bytes += Self.u16(member.flags | (member.hasDescriptor ? 8 : 0))
    bytes += Self.u16(member.method) + Self.u32(0) + Self.u32(member.checksum)
    bytes += Self.u32(member.isLarge ? large : UInt32(member.data.count))
    bytes += Self.u32(member.isLarge ? large : member.size)
    bytes += Self.u16(UInt16(member.name.count)) + Self.u16(UInt16(extra.count))
    bytes += Self.u16(0) + Self.u16(0) + Self.u16(0)
    bytes += Self.u32(UInt32(member.mode) << 16)
    return bytes + Self.u32(member.isLarge ? large : start) + member.name + extra
  }

  private static func u16(_ value: UInt16) -> [UInt8] { bytes(of: value) }
  private static func u32(_ value: UInt32) -> [UInt8] { bytes(of: value) }
  private static func u64(_ value: UInt64) -> [UInt8] { bytes(of: value) }

  private static func bytes(of value: some FixedWidthInteger) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// CRC-32 (ISO 3309), bit by bit.
  package static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var value = UInt32.max
    for byte in bytes {
      value ^= UInt32(byte)
      for _ in 0..<8 { value = value >> 1 ^ (value & 1 == 0 ? 0 : 0xedb8_8320) }
    }
    return ~value
  }
}
