import Glibc
import LinuxProcess
import TestSupport
import Testing

struct FileContentsTests {
  private func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 ^ $0 >> 8) }
  }

  @Test(arguments: [0, 1, 4095, 4096, 4097, 20479, 20480, 20481, 300_000])
  func `the whole of a file of any size`(size: Int) throws {
    let folder = try ScratchFolder()
    let file = try folder.file("data", bytes(size))
    #expect(contents(of: file) == bytes(size))
  }

  @Test(arguments: [1, 100, 4096, 5000, 29_999, 30_000, 30_001])
  func `at most the given number of bytes`(limit: Int) throws {
    let folder = try ScratchFolder()
    let file = try folder.file("data", bytes(30_000))
    let read = try #require(contents(of: file, atMost: limit))
    #expect(read.count == min(limit, 30_000))
    #expect(bytes(30_000).starts(with: read))
  }

  @Test func `a file of /proc that is larger than a page and claims to have no size`() throws {
    // Each page gets a line in /proc/self/maps: neighbours with different rights are not merged.
    let page = 4096
    let count = 512
    let memory = try #require(
      mmap(nil, count * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))
    try #require(memory != MAP_FAILED)
    defer { munmap(memory, count * page) }
    for index in stride(from: 0, to: count, by: 2) {
      try #require(mprotect(memory + index * page, page, PROT_READ | PROT_WRITE) == 0)
    }
    #expect(FileStatus(path: "/proc/self/maps")?.size == 0)
    let maps = try #require(contents(of: "/proc/self/maps"))
    #expect(maps.count > count * 40)
    let lines = Set(
      String(decoding: maps, as: UTF8.self).split(separator: "\n").map { $0.prefix { $0 != " " } })
    let start = UInt(bitPattern: memory)
    for index in [1, count / 2 + 1, count - 3] {
      let address = start + UInt(index * page)
      let range = String(address, radix: 16) + "-" + String(address + UInt(page), radix: 16)
      #expect(lines.contains(range[...]))
    }
  }

  @Test func `a missing file and a directory can't be read`() throws {
    let folder = try ScratchFolder()
    #expect(contents(of: folder.path + "/none") == nil)
    #expect(contents(of: "") == nil)
    #expect(contents(of: folder.path) == nil)
  }

  @Test func `a pipe is neither waited for nor drained: another process reads it`() throws {
    let folder = try ScratchFolder()
    let path = folder.file("pipe")
    try #require(mkfifo(path, 0o600) == 0)
    let descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    try #require(write(descriptor, "x", 1) == 1)
    #expect(contents(of: path, atMost: 1) == nil)
    var byte: UInt8 = 0
    #expect(read(descriptor, &byte, 1) == 1)
  }

  @Test func `a link's target, and files that aren't links`() throws {
    let folder = try ScratchFolder()
    let link = folder.file("link")
    try #require(symlink("some/where else", link) == 0)
    #expect(destination(ofLink: link) == "some/where else")
    #expect(destination(ofLink: folder.path) == nil)
    #expect(destination(ofLink: folder.path + "/none") == nil)
  }

  @Test func `a mapped file has the file's bytes; an empty or missing one can't be mapped`() throws
  {
    let folder = try ScratchFolder()
    let path = try folder.file("data", bytes(5000))
    guard let file = MappedFile(path: path) else {
      Issue.record("the file can't be mapped")
      return
    }
    let read = file.withBytes { span in
      (0..<span.byteCount).map { span.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
    }
    #expect(read == bytes(5000))
    let empty = try folder.file("empty", [])
    #expect(isUnmappable(empty))
    #expect(isUnmappable(folder.path + "/none"))
  }

  private func isUnmappable(_ path: String) -> Bool {
    switch MappedFile(path: path) {
    case .none: true
    case .some: false
    }
  }
}
