internal import Input
internal import Runs

/// A zip archive whose members are inputs, and with one level of archives in it.
struct ListedArchive {
  private let path: String
  private var members: [(member: ZipMember, isArchive: Bool, isCompressed: Bool)] = []

  /// Reads the directory, and those of the archives inside: together they must keep to the limits.
  init(_ file: PositionedFile, path: String, limits: ZipLimits) throws(InputError) {
    self.path = path
    let archive = try ZipArchive(file, limits: limits)
    var rest = limits
    rest.unpackedSize -= archive.unpackedSize
    rest.members -= archive.members.count
    for member in archive.members {
      // A member that can't be opened is named when it is read.
      let beginning = (try? Self.beginning(of: member, in: file)) ?? []
      let isArchive = ZipArchive.isBeginning(beginning)
      if isArchive { try Self.count(member, in: file, limits, &rest) }
      members.append((member, isArchive, Compression(beginning) != nil))
    }
  }

  /// Takes an inner archive from what may still be unpacked.
  private static func count(
    _ member: ZipMember, in file: PositionedFile, _ limits: ZipLimits, _ rest: inout ZipLimits
  ) throws(InputError) {
    let inner: ZipArchive
    do throws(InputError) {
      inner = try ZipArchive(member.file(in: file), limits: limits)
    } catch {
      if [limits.tooLarge, limits.tooMany, limits.tooWellCompressed].contains(error) {
        throw error
      }
      // It is damaged, and named when it is read.
      return
    }
    rest.unpackedSize -= inner.unpackedSize
    rest.members -= inner.members.count
    if rest.unpackedSize < 0 { throw limits.tooLarge }
    if rest.members < 0 { throw limits.tooMany }
  }

  private static func beginning(
    of member: ZipMember, in file: PositionedFile
  ) throws(InputError) -> [UInt8] {
    let source = try member.open(in: file)
    var result: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 4, alignment: 1)
    defer { buffer.deallocate() }
    while result.count < 4 {
      let part = UnsafeMutableRawBufferPointer(rebasing: buffer[result.count...])
      let count = try source.read(into: part)
      if count == 0 { break }
      result += part[..<count]
    }
    return result
  }

  /// The members as inputs.
  ///
  /// - Parameter name: The archive's.
  func entries(named name: String) -> [ListedEntry] {
    members.map { member, isArchive, isCompressed in
      let file = StoredFile.member(archive: path, member)
      let memberName = "\(name)!\(member.name)"
      let slash = memberName.lastIndex(of: "/")
      let folder = slash.flatMap { $0.utf16Offset(in: memberName) > name.utf16.count ? $0 : nil }
      return ListedEntry(
        memberName, isArchive ? .archive(file) : .stored(file),
        folder: folder.map { String(memberName[..<$0]) } ?? name, isCompressed)
    }
  }
}
