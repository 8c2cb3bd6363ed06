import Glibc
import LinuxProcess
import Testing

struct StringArgumentTests {
  private let reader = StringArgumentReader()

  private func string(at address: UInt64) -> [UInt8]? {
    reader.bytes(at: address, of: ownThread).map { Array($0) }
  }

  private func letters(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(ascii: "a") + UInt8($0 % 26) }
  }

  @Test(arguments: [0, 1, 2, 100, 255, 256, 257, 300, 4000, 4094, 4095])
  func `a string ends at its NUL, wherever the page ends`(count: Int) throws {
    let pages = try GuardedPages(2)
    // The last byte before the guard is the NUL.
    #expect(string(at: pages.put(atEnd: letters(count) + [0])) == letters(count))
    // Something follows the NUL, in the middle of a page.
    let text = letters(count) + [0] + Array("more".utf8)
    #expect(string(at: pages.put(text, at: 50)) == letters(count))
  }

  @Test func `a string over a page's boundary`() throws {
    let pages = try GuardedPages(2)
    for before in [1, 5, 255, 256, 257, 1000] {
      let address = pages.put(letters(1200) + [0], at: 4096 - before)
      #expect(string(at: address) == letters(1200))
    }
  }

  @Test func `a string without an end is read up to a page that can't be read`() throws {
    let pages = try GuardedPages(1)
    for count in [1, 255, 256, 257, 3000] {
      #expect(string(at: pages.put(atEnd: letters(count))) == letters(count))
    }
  }

  @Test(arguments: [0, 1, 100, 4095])
  func `without a NUL it ends at the limit`(offset: Int) throws {
    let pages = try GuardedPages(3)
    let address = pages.put(letters(3 * 4096 - offset), at: offset)
    let expected = letters(StringArgumentReader.limit)
    #expect(string(at: address) == expected)
  }

  @Test func `the next string replaces the one before`() throws {
    let pages = try GuardedPages(1)
    let long = pages.put(letters(1000) + [0], at: 0)
    let short = pages.put([0x78, 0], at: 2000)
    #expect(string(at: long) == letters(1000))
    #expect(string(at: short) == [0x78])
  }

  @Test(arguments: [0, 8, 1 << 63, .max - 1, .max])
  func `addresses that can't be mapped`(address: UInt64) {
    #expect(string(at: address) == nil)
    #expect(reader.bytes(at: address, count: 4, of: ownThread) == nil)
  }

  @Test func `exactly the given number of bytes, with or without a NUL`() throws {
    let pages = try GuardedPages(2)
    let bytes: [UInt8] = [1, 0, 0x40, 0, 5, 6]
    let address = pages.put(bytes, at: 4093)
    func exactly(_ count: Int, at address: UInt64) -> [UInt8]? {
      reader.bytes(at: address, count: count, of: ownThread).map { Array($0) }
    }
    #expect(exactly(6, at: address) == bytes)
    #expect(exactly(1, at: address) == [1])
    #expect(exactly(0, at: address) == nil)
    #expect(exactly(-1, at: address) == nil)
    let limit = StringArgumentReader.textLimit
    let many = try GuardedPages(limit / 4096 + 1)
    #expect(exactly(limit, at: many.start)?.count == limit)
    #expect(exactly(limit + 1, at: many.start)?.count == nil)
    #expect(exactly(6, at: pages.end - 5) == nil)
    #expect(exactly(5, at: pages.end - 5)?.count == 5)
  }

  @Test func `a thread that isn't there has no memory`() throws {
    let pages = try GuardedPages(1)
    #expect(reader.bytes(at: pages.start, of: noThread) == nil)
  }
}
