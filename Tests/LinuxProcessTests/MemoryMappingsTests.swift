import LinuxProcess
import Testing

/// Texts as /proc/PID/maps has them (proc_pid_maps(5)), and texts that no kernel writes.
struct MemoryMappingsTests {
  private func beginnings(
    _ text: String, where isWanted: (String) -> Bool = { _ in true }
  ) -> [FileMapping] {
    MemoryMappings.beginnings(in: Array(text.utf8), where: isWanted)
  }

  private static let python = """
    00400000-0041f000 r--p 00000000 fe:00 1835                               /usr/bin/python3.13
    0041f000-006d3000 r-xp 0001f000 fe:00 1835                               /usr/bin/python3.13
    00a5c000-00b61000 rw-p 00000000 00:00 0                                  [heap]
    7f3a10000000-7f3a10021000 rw-p 00000000 00:00 0 \

    7f3a1ac00000-7f3a1ac28000 r--p 00000000 fe:00 9021                       /usr/lib/libc.so.6
    7f3a1ac28000-7f3a1adb0000 r-xp 00028000 fe:00 9021                       /usr/lib/libc.so.6
    7f3a1b000000-7f3a1b001000 rw-s 00000000 00:01 77                         /dev/zero (deleted)
    7ffd0c5e2000-7ffd0c603000 rw-p 00000000 00:00 0                          [stack]
    7ffd0c7e5000-7ffd0c7e7000 r-xp 00000000 00:00 0                          [vdso]
    ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0                  [vsyscall]

    """

  @Test
  func `an interpreter's mappings: only files, only their beginnings, in the order of addresses`() {
    let found = beginnings(Self.python)
    #expect(
      found.map(\.path) == ["/usr/bin/python3.13", "/usr/lib/libc.so.6", "/dev/zero (deleted)"])
    #expect(
      found.map(\.range) == [
        0x400000..<0x41f000, 0x7f3a_1ac0_0000..<0x7f3a_1ac2_8000,
        0x7f3a_1b00_0000..<0x7f3a_1b00_1000,
      ])
  }

  @Test func `only mappings that are wanted; the path of each file is tested`() {
    var asked: [String] = []
    let found = beginnings(Self.python) {
      asked.append(String($0))
      return $0.hasSuffix(".so.6")
    }
    #expect(found.map(\.path) == ["/usr/lib/libc.so.6"])
    #expect(asked == ["/usr/bin/python3.13", "/usr/lib/libc.so.6", "/dev/zero (deleted)"])
  }

  @Test(arguments: [
    "/w w/my python", "/w/python3 (deleted)", "/wüst/\u{1f40d}", "/w/line\\012feed", "/w/ a  b ",
  ])
  func `paths with spaces, deleted files, names of other scripts, escaped line feeds`(path: String)
  {
    let line = "7f0000000000-7f0000001000 r--p 00000000 103:05 12345678    \(path)\n"
    #expect(beginnings(line).map(\.path) == [path])
  }

  @Test func `a last line without its line feed`() {
    #expect(beginnings("1000-2000 r--p 00000000 fe:00 1 /a").map(\.range) == [0x1000..<0x2000])
  }

  @Test func `the last address there is`() {
    let found = beginnings("fffffffffffff000-ffffffffffffffff r--p 00000000 fe:00 1 /a\n")
    #expect(found.map(\.range) == [0xffff_ffff_ffff_f000..<UInt64.max])
  }

  @Test(arguments: [
    "", "\n\n", "-", " ", "1000", "1000-", "1000-2000", "1000-2000 ", "1000-2000 r--p",
    "1000-2000 r--p 00000000", "1000-2000 r--p 00000000 fe:00", "1000-2000 r--p 00000000 fe:00 1",
    "1000-2000 r--p 00000000 fe:00 1 ", "1000-2000 r--p 00001000 fe:00 1 /a",
    "1000-2000 rw-p 00000000 00:00 0 /a", "1000-2000 r--p 00000000 fe:00 1 [heap]",
    "1000-2000 r--p 00000000 fe:00 1 a/relative",
    "2000-1000 r--p 00000000 fe:00 1 /a", "1000-1000 r--p 00000000 fe:00 1 /a",
    "-2000 r--p 00000000 fe:00 1 /a", "1000- r--p 00000000 fe:00 1 /a",
    "1000 -2000 r--p 00000000 fe:00 1 /a", "10zz-2000 r--p 00000000 fe:00 1 /a",
    "1000-2000 r--p  fe:00 1 /a", "1000-2000 r--p 0x0 fe:00 1 /a",
    "00000000000001000-2000 r--p 00000000 fe:00 1 /a",
    "1000-10000000000002000 r--p 00000000 fe:00 1 /a",
    "1000-2000 r--p 00000000000000000 fe:00 1 /a", "/a", "\0\0\0\0",
  ])
  func `lines that don't map a file's beginning`(line: String) {
    #expect(beginnings(line).isEmpty)
  }

  @Test func `a line that isn't a mapping doesn't hide the next one`() {
    let text = "garbage\n1000-2000 r--p\n1000-2000 r--p 00000000 fe:00 1 /a\n3000-"
    #expect(beginnings(text).map(\.path) == ["/a"])
  }

  @Test func `a path that isn't UTF-8 is repaired`() {
    let bytes = Array("1000-2000 r--p 00000000 fe:00 1 /a".utf8) + [0xff, 0x0a]
    #expect(MemoryMappings.beginnings(in: bytes) { _ in true }.map(\.path) == ["/a\u{fffd}"])
  }

  @Test func `this process maps the beginning of its own program`() throws {
    let maps = try #require(contents(of: "/proc/self/maps"))
    let program = try #require(destination(ofLink: "/proc/self/exe"))
    let found = MemoryMappings.beginnings(in: maps) { $0 == program }
    #expect(!found.isEmpty)
    #expect(found.allSatisfy { $0.path == program && $0.range.lowerBound % 4096 == 0 })
  }
}
