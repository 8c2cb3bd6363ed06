internal import CSpawnTrace
internal import ELFImage
package import TraceModel

/// The memory of a stopped thread's process, read by pages, each at most once a stop.
///
/// The corresponding C call is `process_vm_readv`. Other threads may be changing the memory
/// meanwhile; only the stopped thread's own data is stable.
///
/// The pages that a thread's last stop needed are fetched with the first page of its next one:
/// stacks are deep, and most of their pages are read again.
package final class PagedMemory: MemoryReader {
  private static let pageSize: UInt64 = 4096
  private static let batchSize = 64
  /// For how many threads the pages of the last stop are remembered.
  private static let habitLimit = 256

  private var thread: ThreadID
  /// The offset in `bytes` of the page at an address; -1 for a page that can't be read.
  private var slots: [UInt64: Int] = [:]
  private var bytes: UnsafeMutableRawBufferPointer
  private var used = 0
  /// The pages in `bytes`, and whether they were asked for.
  private var pages: [(address: UInt64, isWanted: Bool)] = []
  /// The pages that were asked for at each thread's last stop.
  private var habits: [ThreadID: [UInt64]] = [:]
  /// The habits of this thread, until the first page is fetched.
  private var expected: [UInt64] = []
  /// The page of the last read: frames lie together.
  private var lastPage: UInt64 = .max
  private var lastSlot = -1

  package init() {
    thread = ThreadID(rawValue: 0)
    bytes = .allocate(byteCount: 64 * Int(Self.pageSize), alignment: 16)
  }

  deinit {
    bytes.deallocate()
  }

  /// Forgets what was read and turns to a thread's stop.
  package func begin(_ thread: ThreadID) {
    if !pages.isEmpty {
      if habits.count >= Self.habitLimit { habits.removeAll(keepingCapacity: true) }
      habits[self.thread] = pages.lazy.filter(\.isWanted).prefix(Self.batchSize - 1).map(\.address)
    }
    self.thread = thread
    expected = habits[thread] ?? []
    pages.removeAll(keepingCapacity: true)
    slots.removeAll(keepingCapacity: true)
    used = 0
    lastPage = .max
    lastSlot = -1
  }

  package func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var done = 0
    while done < buffer.count {
      let (position, overflow) = address.addingReportingOverflow(UInt64(done))
      if overflow { break }
      let page = position & ~(Self.pageSize - 1)
      guard let slot = slot(of: page) else { break }
      let offset = Int(position - page)
      let count = min(buffer.count - done, Int(Self.pageSize) - offset)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done..<(done + count)]).copyMemory(
        from: UnsafeRawBufferPointer(
          rebasing: bytes[(slot + offset)..<(slot + offset + count)]))
      done += count
    }
    return done
  }

  /// Fetches the pages of these addresses with few calls: a call costs as much as several pages.
  package func prepare(toReadAt addresses: [UInt64]) {
    var pages: [UInt64] = []
    for address in addresses {
      let page = address & ~(Self.pageSize - 1)
      if page != 0, slots[page] == nil {
        // Marked at once, so that no page is fetched twice.
        slots[page] = -1
        pages.append(page)
      }
    }
    var rest = pages[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Self.batchSize)
      let done = fetch(batch)
      // The page that ended the batch can't be read.
      rest = rest.dropFirst(done < batch.count ? done + 1 : done)
    }
    lastPage = .max
  }

  private func fetch(_ pages: ArraySlice<UInt64>) -> Int {
    let size = Int(Self.pageSize)
    while used + pages.count * size > bytes.count { grow() }
    guard let base = bytes.baseAddress else { return 0 }
    let done = pages.withUnsafeBufferPointer { addresses -> Int in
      guard let first = addresses.baseAddress else { return 0 }
      return spawntrace_read_pages(thread.rawValue, first, addresses.count, base + used)
    }
    for page in pages.prefix(done) {
      slots[page] = used
      used += size
      self.pages.append((page, false))
    }
    return done
  }

  /// Reads the eight bytes at `address` as a number; nil if they aren't readable.
  package func word(at address: UInt64) -> UInt64? {
    let page = address & ~(Self.pageSize - 1)
    let offset = Int(address - page)
    if offset <= Int(Self.pageSize) - 8 {
      return slot(of: page).map {
        UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0 + offset, as: UInt64.self))
      }
    }
    var word: UInt64 = 0
    let count = withUnsafeMutableBytes(of: &word) { read(at: address, into: $0) }
    return count == 8 ? UInt64(littleEndian: word) : nil
  }

  private func slot(of page: UInt64) -> Int? {
    if page != lastPage {
      lastPage = page
      lastSlot = slots[page] ?? fetch(page)
      if lastSlot >= 0 { pages[lastSlot / Int(Self.pageSize)].isWanted = true }
    }
    return lastSlot < 0 ? nil : lastSlot
  }

  private func fetch(_ page: UInt64) -> Int {
    var batch = [page]
    for page in expected where slots[page] == nil && page != batch[0] { batch.append(page) }
    expected = []
    // An expected page that is gone ends the batch; the pages behind it are fetched when they are
    // asked for.
    if fetch(batch[...]) == 0 { slots[page] = -1 }
    return slots[page] ?? -1
  }

  private func grow() {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytes.count * 2, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(bytes))
    bytes.deallocate()
    bytes = larger
  }
}
