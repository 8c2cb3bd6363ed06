import Glibc
import LinuxProcess
import Testing

struct PagedMemoryTests {
  private func read(_ memory: PagedMemory, at address: UInt64, count: Int) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: count) { buffer, done in
      done = memory.read(at: address, into: UnsafeMutableRawBufferPointer(buffer))
    }
  }

  private func memory() -> PagedMemory {
    let memory = PagedMemory()
    memory.begin(ownThread)
    return memory
  }

  private func pattern(_ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
  }

  @Test func `reads within a page, over a boundary, and over more pages than fit at first`() throws
  {
    let pages = try GuardedPages(200)
    let bytes = pattern(200 * 4096)
    let start = pages.put(bytes, at: 0)
    let memory = memory()
    #expect(read(memory, at: start + 10, count: 20) == Array(bytes[10..<30]))
    #expect(read(memory, at: start + 4090, count: 12) == Array(bytes[4090..<4102]))
    #expect(read(memory, at: start, count: bytes.count) == bytes)
    // Bytes that were read before the buffer grew are still there.
    #expect(read(memory, at: start + 4090, count: 12) == Array(bytes[4090..<4102]))
    #expect(read(memory, at: start + 5, count: 0).isEmpty)
  }

  @Test func `a read that runs into an unreadable page returns the bytes before it`() throws {
    let pages = try GuardedPages(2)
    let bytes = pattern(2 * 4096)
    let start = pages.put(bytes, at: 0)
    let memory = memory()
    #expect(read(memory, at: pages.end - 5, count: 10) == Array(bytes.suffix(5)))
    #expect(read(memory, at: pages.end, count: 1).isEmpty)
    #expect(read(memory, at: pages.end + 100, count: 1).isEmpty)
    #expect(read(memory, at: start, count: 3 * 4096) == bytes)
  }

  @Test(arguments: [0, 1, 4095, 1 << 63, .max - 4096, .max])
  func `addresses that can't be mapped`(address: UInt64) {
    #expect(read(memory(), at: address, count: 8).isEmpty)
  }

  @Test func `a page is read once a stop, and again at the next one`() throws {
    let pages = try GuardedPages(1)
    let start = pages.put([1, 2, 3], at: 0)
    let memory = memory()
    #expect(read(memory, at: start, count: 3) == [1, 2, 3])
    _ = pages.put([4, 5, 6], at: 0)
    #expect(read(memory, at: start, count: 3) == [1, 2, 3])
    memory.begin(ownThread)
    #expect(read(memory, at: start, count: 3) == [4, 5, 6])
  }

  @Test func `a page that can't be read is remembered until the next stop`() throws {
    let pages = try GuardedPages(2)
    let start = pages.put([1], at: 0)
    try pages.protect(page: 0, PROT_NONE)
    let memory = memory()
    #expect(read(memory, at: start, count: 1).isEmpty)
    try pages.protect(page: 0, PROT_READ | PROT_WRITE)
    // Not only as the last page that was read.
    #expect(read(memory, at: start + 4096, count: 1) == [0])
    #expect(read(memory, at: start, count: 1).isEmpty)
    memory.begin(ownThread)
    #expect(read(memory, at: start, count: 1) == [1])
  }

  @Test
  func `pages that the last stop needed come with the first page of the next one, and no others`()
    throws
  {
    let pages = try GuardedPages(3)
    let start = pages.put([UInt8](repeating: 1, count: 3 * 4096), at: 0)
    let memory = memory()
    memory.prepare(toReadAt: [start + 8192])
    #expect(read(memory, at: start, count: 1) == [1])
    #expect(read(memory, at: start + 4096, count: 1) == [1])
    memory.begin(ownThread)
    #expect(read(memory, at: start, count: 1) == [1])
    _ = pages.put([UInt8](repeating: 2, count: 3 * 4096), at: 0)
    #expect(read(memory, at: start + 4096, count: 1) == [1])
    #expect(read(memory, at: start + 8192, count: 1) == [2])
    // Another thread has its own habits.
    memory.begin(noThread)
    #expect(read(memory, at: start, count: 1).isEmpty)
    memory.begin(ownThread)
    #expect(read(memory, at: start, count: 1) == [2])
  }

  @Test func `an expected page that is gone doesn't hide others`() throws {
    let pages = try GuardedPages(3)
    let start = pages.put([UInt8](repeating: 1, count: 3 * 4096), at: 0)
    let memory = memory()
    #expect(read(memory, at: start, count: 3 * 4096).count == 3 * 4096)
    try pages.protect(page: 1, PROT_NONE)
    memory.begin(ownThread)
    #expect(read(memory, at: start, count: 1) == [1])
    #expect(read(memory, at: start + 8192, count: 1) == [1])
    #expect(read(memory, at: start + 4096, count: 1).isEmpty)
    try pages.protect(page: 0, PROT_NONE)
    memory.begin(ownThread)
    #expect(read(memory, at: start, count: 1).isEmpty)
    #expect(read(memory, at: start + 8192, count: 1) == [1])
  }

  @Test func `a process that isn't there has no memory`() throws {
    let pages = try GuardedPages(1)
    let memory = PagedMemory()
    memory.begin(noThread)
    #expect(read(memory, at: pages.start, count: 1).isEmpty)
  }
}
