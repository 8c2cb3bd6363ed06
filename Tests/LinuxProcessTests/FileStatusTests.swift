import Glibc
import LinuxProcess
import TestSupport
import Testing

struct FileStatusTests {
  @Test func `a file: its size, and the same identity under each of its names`() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("one", Array("three".utf8))
    let status = try #require(FileStatus(path: path))
    #expect(status.size == 5)
    #expect(!status.isDirectory)

    let second = folder.file("second")
    try #require(link(path, second) == 0)
    let third = folder.file("third")
    try #require(symlink("one", third) == 0)
    #expect(FileStatus(path: second)?.inode == status.inode)
    #expect(FileStatus(path: third) == FileStatus(path: path))

    let other = try #require(FileStatus(path: try folder.file("other", Array("three".utf8))))
    #expect(other.inode != status.inode)
    #expect(other.device == status.device)
  }

  @Test func `the time of the last change`() throws {
    let folder = try ScratchFolder()
    let path = try folder.file("one", [1])
    var times = [
      timespec(tv_sec: 1_000_000_000, tv_nsec: 5), timespec(tv_sec: 1_600_000_000, tv_nsec: 7),
    ]
    try #require(utimensat(AT_FDCWD, path, &times, 0) == 0)
    #expect(FileStatus(path: path)?.modified == [1_600_000_000, 7])
  }

  @Test func `a directory, a device, nothing`() throws {
    let folder = try ScratchFolder()
    #expect(FileStatus(path: folder.path)?.isDirectory == true)
    #expect(FileStatus(path: "/dev/null")?.isDirectory == false)
    #expect(FileStatus(path: folder.path + "/none") == nil)
    let dangling = folder.file("dangling")
    try #require(symlink("none", dangling) == 0)
    #expect(FileStatus(path: dangling) == nil)
  }
}
