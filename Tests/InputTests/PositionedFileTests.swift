import Foundation
import TestSupport
import Testing

@testable import Input

struct PositionedFileTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  @Test func `bytes are read at any position, and none behind the end`() throws {
    let file = try PositionedFile(path: folder.file("x", Array("0123456789".utf8)))
    #expect(try file.bytes(at: 3, count: 4) == Array("3456".utf8))
    #expect(try file.bytes(at: 8, count: 4) == Array("89".utf8))
    #expect(try file.bytes(at: 20, count: 4).isEmpty)
    let part = PositionedFile(file, from: 2, count: 5)
    #expect(part.size == 5)
    #expect(try part.bytes(at: 3, count: 9) == Array("56".utf8))
    #expect(try part.bytes(at: 6, count: 1).isEmpty)
    let inner = PositionedFile(part, from: 1, count: 100)
    #expect(try inner.bytes(at: 0, count: 9) == Array("3456".utf8))
  }

  @Test func `a FIFO, a folder and a device aren't opened`() throws {
    let fifo = folder.file("fifo")
    try #require(mkfifo(fifo, 0o600) == 0)
    let refused = InputError.refused("it is not a regular file")
    #expect(throws: refused) { try PositionedFile(path: fifo) }
    #expect(throws: refused) { try PositionedFile(path: "/dev/zero") }
    #expect(throws: InputError.system(EISDIR)) { try PositionedFile(path: folder.path) }
    #expect(throws: InputError.system(ENOENT)) { try PositionedFile(path: folder.file("none")) }
  }

  @Test func `a source is copied up to a limit`() throws {
    let bytes = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let copy = try PositionedFile(copying: PrefixedSource(bytes), atMost: bytes.count)
    #expect(copy.size == bytes.count)
    #expect(try ZipArchiveTests.all(of: FileRange(copy)) == bytes)
    #expect(throws: InputError.refused("it unpacks to more than is allowed")) {
      try PositionedFile(copying: PrefixedSource(bytes), atMost: bytes.count - 1)
    }
  }

  @Test func `names of a folder are sorted by their bytes`() throws {
    for name in ["b", "a", "B", "ä"] { _ = try folder.file(name, []) }
    #expect(try Folder.names(in: folder.path) == ["B", "a", "b", "ä"])
    #expect(throws: InputError.system(ENOTDIR)) { try Folder.names(in: folder.file("a")) }
  }
}
