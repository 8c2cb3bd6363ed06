import Testing

@testable import LinuxProcess

struct ExecutableMappingTests {
  private func mappings(_ lines: String...) -> [ExecutableMapping] {
    MemoryMappings.executable(in: Array(lines.joined(separator: "\n").utf8))
  }

  @Test func `code is found`() {
    let found = mappings(
      "55d0c0000000-55d0c0002000 r--p 00000000 fe:01 1835                       /usr/bin/cat",
      "55d0c0002000-55d0c0007000 r-xp 00002000 fe:01 1835                       /usr/bin/cat",
      "7f0000000000-7f0000001000 rwxp 00000000 00:00 0 ",
      "7ffd00000000-7ffd00002000 r-xp 00000000 00:00 0                          [vdso]",
      "ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]")
    #expect(
      found == [
        ExecutableMapping(
          range: 0x55d0_c000_2000..<0x55d0_c000_7000, fileOffset: 0x2000, device: 0xfe01,
          inode: 1835, path: "/usr/bin/cat"),
        ExecutableMapping(
          range: 0x7f00_0000_0000..<0x7f00_0000_1000, fileOffset: 0, device: 0, inode: 0, path: ""),
        ExecutableMapping(
          range: 0x7ffd_0000_0000..<0x7ffd_0000_2000, fileOffset: 0, device: 0, inode: 0,
          path: "[vdso]"),
        ExecutableMapping(
          range: 0xffff_ffff_ff60_0000..<0xffff_ffff_ff60_1000, fileOffset: 0, device: 0, inode: 0,
          path: "[vsyscall]"),
      ])
  }

  @Test func `paths keep their spaces`() {
    let found = mappings("1000-2000 r-xp 00000000 103:1fff 7   /tmp/a b (deleted)")
    #expect(found.map(\.path) == ["/tmp/a b (deleted)"])
    // makedev(3) of 0x103 and 0x1fff.
    #expect(found.map(\.device) == [0x1f1_03ff])
  }

  @Test func `own program is there`() throws {
    let maps = try #require(contents(of: "/proc/self/maps"))
    let status = try #require(FileStatus(path: "/proc/self/exe"))
    let found = MemoryMappings.executable(in: maps)
    #expect(found.contains { $0.inode == status.inode })
    #expect(found.contains { $0.path == "[vdso]" })
  }

  @Test(arguments: [
    "", "-", "1000-", "1000-2000", "1000-2000 r-xp", "1000-2000 r-xp 0", "1000-2000 r-xp 0 0",
    "2000-1000 r-xp 0 0:0 0 /a", "1000-1000 r-xp 0 0:0 0 /a", "1000-2000 r--p 0 0:0 0 /a",
    "10000000000000000-2 r-xp 0 0:0 0 /a", "1000-2000 r-xp 0 0:0 x /a",
    "1000-2000 r-xp 0 0:0 99999999999999999999 /a", "g000-2000 r-xp 0 0:0 0 /a",
  ])
  func `damaged lines are left out`(line: String) {
    #expect(mappings(line, "5000-6000 r-xp 0 0:0 0 /b").map(\.path) == ["/b"])
  }
}
