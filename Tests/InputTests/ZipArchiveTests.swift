import TestSupport
import Testing

@testable import Input

struct ZipArchiveTests {
  private typealias Member = ZipBuilder.Member
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private func archive(
    _ bytes: [UInt8], _ change: (inout ZipLimits) -> Void = { _ in }
  ) throws -> ZipArchive {
    var limits = ZipLimits()
    change(&limits)
    return try ZipArchive(PositionedFile(path: folder.file("x", bytes)), limits: limits)
  }

  /// The error of an archive that can't be opened; nil if it can.
  private func problem(
    _ bytes: [UInt8], _ change: (inout ZipLimits) -> Void = { _ in }
  ) throws -> InputError? {
    do {
      _ = try archive(bytes, change)
      return nil
    } catch let error as InputError {
      return error
    }
  }

  private func contents(_ archive: ZipArchive, _ name: String) throws -> [UInt8] {
    let member = try #require(archive.members.first { $0.name == name })
    return try Self.all(of: member.open(in: archive.file))
  }

  static func all(of source: any ByteSource) throws -> [UInt8] {
    var result: [UInt8] = []
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 1009, alignment: 1)
    defer { buffer.deallocate() }
    while true {
      let count = try source.read(into: buffer)
      if count == 0 { return result }
      result += buffer[..<count]
    }
  }

  /// Larger than all buffers, in part compressible.
  private static let text: [UInt8] = (0..<40_000).flatMap {
    Array("line \($0 &* 7919 % 1009)\n".utf8)
  }

  private func compressed(_ plain: [UInt8], by command: String) throws -> [UInt8] {
    _ = try folder.file("plain", plain)
    let outcome = try ChildProcess.run(
      ["/bin/sh", "-c", "\(command) plain > packed"], in: folder.path)
    try #require(outcome.ending == "status 0")
    return try Self.all(of: FileSource(path: folder.file("packed")))
  }

  /// gzip's data is deflated, between 10 bytes of a header and 8 of a trailer.
  private func deflated(_ plain: [UInt8]) throws -> [UInt8] {
    Array(try compressed(plain, by: "gzip -nc").dropFirst(10).dropLast(8))
  }

  @Test func `members are found and read, in the directory's order`() throws {
    let archive = try archive(
      ZipBuilder([
        Member("b/one.txt", "one"), Member("a.txt", ""),
        Member("large", deflated: deflated(Self.text), Self.text),
      ]).bytes)
    #expect(archive.members.map(\.name) == ["b/one.txt", "a.txt", "large"])
    #expect(archive.unpackedSize == 3 + Self.text.count)
    #expect(try contents(archive, "b/one.txt") == Array("one".utf8))
    #expect(try contents(archive, "a.txt").isEmpty)
    #expect(try contents(archive, "large") == Self.text)
  }

  @Test func `a member may be compressed with zstd`() throws {
    let packed = try compressed(Self.text, by: "zstd -qc")
    let archive = try archive(
      ZipBuilder([
        Member("x", deflated: packed, Self.text).with { $0.method = 93 }
      ]).bytes)
    #expect(try contents(archive, "x") == Self.text)
  }

  @Test func `an archive that zip64 describes, with descriptors and a comment, is read`() throws {
    var builder = ZipBuilder([
      Member("one", "1").with { $0.isLarge = true },
      Member("two", deflated: try deflated(Self.text), Self.text).with {
        $0.isLarge = true
        $0.hasDescriptor = true
      },
    ])
    builder.isLarge = true
    // The comment looks like the end of an archive.
    builder.comment = [0x50, 0x4b, 5, 6] + [UInt8](repeating: 0, count: 30)
    let archive = try archive(builder.bytes)
    #expect(try contents(archive, "one") == Array("1".utf8))
    #expect(try contents(archive, "two") == Self.text)
  }

  @Test func `an archive that a tool has made is read`() throws {
    let python = try Interpreters.newest().path
    let script = """
      import zipfile
      with zipfile.ZipFile("made", "w", zipfile.ZIP_DEFLATED) as archive:
          archive.writestr("job/1_build.txt", "hello\\n" * 10000)
          with archive.open("job/2.txt", "w", force_zip64=True) as member:
              member.write(b"second")
      """
    let outcome = try ChildProcess.run([python, "-c", script], in: folder.path)
    try #require(outcome.ending == "status 0")
    let archive = try ZipArchive(PositionedFile(path: folder.file("made")))
    #expect(archive.members.map(\.name) == ["job/1_build.txt", "job/2.txt"])
    #expect(try contents(archive, "job/1_build.txt").count == 60_000)
    #expect(try contents(archive, "job/2.txt") == Array("second".utf8))
  }

  @Test func `folders, links and devices are no members`() throws {
    let archive = try archive(
      ZipBuilder([
        Member("folder/", ""), Member("link", "/etc/passwd").with { $0.mode = 0o120777 },
        Member("fifo", "").with { $0.mode = 0o010644 },
        Member("from-windows", "x").with { $0.mode = 0 },
        Member("", "no name"), Member("plain", "y"),
      ]).bytes)
    #expect(archive.members.map(\.name) == ["from-windows", "plain"])
    #expect(try contents(archive, "from-windows") == Array("x".utf8))
  }

  @Test func `names keep their bytes, and the second of one name has a number`() throws {
    let name: [UInt8] = [0x61, 0xff, 0x1b, 0x0a]
    let archive = try archive(
      ZipBuilder([
        Member("", "1").with { $0.name = name }, Member("a", "2"), Member("a", "3"),
      ]).bytes)
    #expect(
      archive.members.map(\.name) == [
        String(decoding: [0x61], as: UTF8.self) + "\u{10FFFF}\u{1b}\n", "a", "a (2)",
      ])
    #expect(try contents(archive, "a (2)") == Array("3".utf8))
  }

  @Test func `an empty archive has no members`() throws {
    #expect(try archive(ZipBuilder([]).bytes).members.isEmpty)
    #expect(ZipArchive.isBeginning(ZipBuilder([]).bytes))
    #expect(ZipArchive.isBeginning(ZipBuilder([Member("a", "")]).bytes))
    #expect(!ZipArchive.isBeginning(Array("PK, it says".utf8)))
  }

  // MARK: What is wrong

  @Test func `a member with another checksum or size is damaged`() throws {
    let packed = try deflated(Self.text)
    let archive = try archive(
      ZipBuilder([
        Member("checksum", "x").with { $0.checksum ^= 1 },
        Member("longer", deflated: packed, Self.text).with { $0.size = 100 },
        Member("shorter", deflated: packed, Self.text).with { $0.size += 1 },
        Member("cut", deflated: packed.dropLast(20), Self.text),
        Member("noise", deflated: [UInt8](repeating: 0xff, count: 100), Self.text),
        Member("good", "good"),
      ]).bytes)
    func problem(_ name: String) throws -> InputError? {
      do {
        _ = try contents(archive, name)
        return nil
      } catch let error as InputError {
        return error
      }
    }
    #expect(try problem("checksum") == .damaged("the member's checksum is wrong"))
    #expect(
      try problem("longer") == .damaged("the member unpacks to more than the archive says"))
    #expect(try problem("shorter") == .torn)
    #expect(try problem("cut") == .torn)
    #expect(try problem("noise") == .damaged("the deflated data is damaged"))
    #expect(try problem("good") == nil)
  }

  @Test func `an encrypted member and an unknown compression are refused`() throws {
    let archive = try archive(
      ZipBuilder([
        Member("secret", "x").with { $0.flags = 1 }, Member("lzma", "x").with { $0.method = 14 },
      ]).bytes)
    #expect(throws: InputError.refused("the member is encrypted")) {
      try contents(archive, "secret")
    }
    #expect(
      throws: InputError.refused("the member is compressed in a way that isn't known (method 14)")
    ) {
      try contents(archive, "lzma")
    }
  }

  private static let remedy = "--max-unpacked SIZE allows more"

  @Test func `an archive that unpacks to more than the limit is refused`() throws {
    let members = [Member("a", "12345"), Member("b", "67890")]
    let bytes = ZipBuilder(members).bytes
    #expect(try problem(bytes) { $0.unpackedSize = 10 } == nil)
    #expect(
      try problem(bytes) { $0.unpackedSize = 9 }
        == .refused("the archive unpacks to more than 9 bytes; \(Self.remedy)"))
    let bomb = ZipBuilder([
      Member("a", "1").with { $0.size = 1 << 30 }, Member("b", "2"),
    ])
    #expect(
      try problem(bomb.bytes) == .refused("the archive unpacks to more than 1 GiB; \(Self.remedy)"))
  }

  @Test func `an archive that says less than it unpacks to is refused, too`() throws {
    let zeros = [UInt8](repeating: 0, count: 3_000_000)
    let packed = try deflated(zeros)
    try #require(packed.count > 2000)
    let bytes = ZipBuilder([
      Member("a", "12345"), Member("b", deflated: packed, zeros).with { $0.size = 100 },
    ]).bytes
    #expect(try archive(bytes) { $0.unpackedSize = 3_000_005 }.unpackedSize == 3_000_005)
    #expect(
      try problem(bytes) { $0.unpackedSize = 3_000_004 }
        == .refused("the archive unpacks to more than 3000004 bytes; \(Self.remedy)"))
  }

  @Test func `an archive with too many members is refused, whatever its end says`() throws {
    var builder = ZipBuilder([Member("a", ""), Member("b", ""), Member("c/", "")])
    let refused = InputError.refused("the archive has more than 2 members")
    #expect(try problem(builder.bytes) { $0.members = 3 } == nil)
    #expect(try problem(builder.bytes) { $0.members = 2 } == refused)
    builder.count = 1
    #expect(try problem(builder.bytes) { $0.members = 2 } == refused)
    #expect(
      try problem(builder.bytes)
        == .damaged("the archive has other members than its directory says"))
  }

  @Test func `members that overlap are an error`() throws {
    // Two entries of the directory for one member, as in archives that unpack to petabytes.
    var bytes = ZipBuilder([Member("a", "12345"), Member("b", "67890")]).bytes
    let second = 2 * (30 + 1 + 4 + 5) + 46 + 1
    #expect(try problem(bytes) == nil)
    bytes[second + 42] = 0
    #expect(try problem(bytes) == .damaged("members of the archive overlap"))
  }

  @Test func `no prefix of an archive is taken for a whole one`() throws {
    var builder = ZipBuilder([
      Member("a", "12345"), Member("b", deflated: [3, 0], []).with { $0.isLarge = true },
    ])
    builder.isLarge = true
    let bytes = builder.bytes
    for count in bytes.indices {
      let error = try problem(Array(bytes[..<count]))
      #expect(error != nil, "\(count) of \(bytes.count) bytes")
    }
    #expect(try problem(bytes) == nil)
  }

  @Test func `a directory that lies elsewhere is an error`() throws {
    var builder = ZipBuilder([Member("a", "12345")])
    builder.shift = 1 << 30
    #expect(try problem(builder.bytes) == .damaged("the archive's directory is damaged"))
    builder.shift = 1
    let shifted = try archive(builder.bytes) { _ in }
    #expect(throws: InputError.damaged("the member's header is damaged")) {
      try contents(shifted, "a")
    }
  }

  @Test func `one changed byte never traps, and never gives other contents`() throws {
    let plain = Array("some text, some text, some text".utf8)
    let bytes = ZipBuilder([
      Member("a", deflated: try deflated(plain), plain), Member("b", plain),
    ]).bytes
    var whole = 0
    for index in bytes.indices {
      var changed = bytes
      changed[index] ^= 0x55
      guard let archive = try? archive(changed) else { continue }
      for member in archive.members {
        guard let source = try? member.open(in: archive.file),
          let contents = try? Self.all(of: source)
        else { continue }
        whole += 1
        #expect(contents == plain, "byte \(index)")
      }
    }
    #expect(whole > 100)
  }
}
