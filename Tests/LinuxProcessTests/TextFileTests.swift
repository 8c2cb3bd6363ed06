import Glibc
import LinuxProcess
import TestSupport
import Testing

struct TextFileTests {
  private let folder: ScratchFolder
  private let status: FileStatus

  init() throws {
    folder = try ScratchFolder()
    let path = try folder.write("original", "original\n")
    chmod(path, 0o444)
    status = try #require(FileStatus(path: path))
  }

  private func text(_ descriptor: Int32, atMost count: Int) -> String {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = read(descriptor, &bytes, count)
    return String(decoding: bytes.prefix(max(got, 0)), as: UTF8.self)
  }

  @Test func `a text in memory is opened at a position of its own, and can't be changed`() throws {
    let file = try MemoryFile(Array("edited\n".utf8), like: status)
    let one = file.opened()
    let two = file.opened()
    #expect(text(one.rawValue, atMost: 3) == "edi")
    #expect(text(two.rawValue, atMost: 9) == "edited\n")
    #expect(write(one.rawValue, "x", 1) == -1)
    let path = "/proc/self/fd/\(one.rawValue)"
    let found = try #require(FileStatus(path: path))
    #expect(found.isRegular && found.permissions == 0o444 && found.size == 7)
    #expect(found.modified == status.modified)
    let again = open(path, O_RDWR)
    #expect(again < 0 || write(again, "x", 1) == -1)
    if again >= 0 { close(again) }
  }

  @Test func `a temporary file has another time, and loses its name with its object`() throws {
    var file: TemporaryFile? = try TemporaryFile(Array("edited\n".utf8), like: status)
    let path = try #require(file?.path)
    let found = try #require(FileStatus(path: path))
    #expect(found.isRegular && found.permissions == 0o444 && found.size == 7)
    // The original is of this second.
    #expect(found.modified[0] != status.modified[0])
    file = nil
    #expect(FileStatus(path: path) == nil)
  }

  @Test func `an empty text is a text`() throws {
    let file = try MemoryFile([], like: status)
    let opened = file.opened()
    #expect(opened.rawValue >= 0 && text(opened.rawValue, atMost: 1) == "")
    _ = try TemporaryFile([], like: status)
  }
}
