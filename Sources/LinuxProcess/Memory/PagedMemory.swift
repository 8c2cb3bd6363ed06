internal import CSpawnTrace
internal import ELFImage

/// The memory of a stopped thread's process, read by pages, each at most once a stop.
///
/// The corresponding C call is `process_vm_readv`. It reads what other threads may be changing;
/// only what the stopped thread itself holds is stable.
///
/// What a thread's last stop needed is fetched with the first page of its next one: stacks are deep, and
/// most of what is read of them is read again.
package final class PagedMemory: MemoryReader {
  private static let pageSize: UInt64 = 4096
  private static let batchSize = 64
  /// The most threads whose last stop is remembered.
  private static let habitLimit = 256

  private var process: Int32
  /// Where the page at an address is in `bytes`; -1 for a page that can't be read.
  private var slots: [UInt64: Int] = [:]
  private var bytes: UnsafeMutableRawBufferPointer
  private var used = 0
  /// The pages in `bytes`, and whether somebody asked for them.
  private var pages: [(address: UInt64, isWanted: Bool)] = []
  /// The pages that were asked for at each thread's last stop.
  private var habits: [Int32: [UInt64]] = [:]
  /// Those of this thread, until the first page is fetched.
  private var expected: [UInt64] = []
  /// The page of the last read: frames lie together.
  private var lastPage: UInt64 = .max
  private var lastSlot = -1

  package init() {
    process = 0
    bytes = .allocate(byteCount: 64 * Int(Self.pageSize), alignment: 16)
  }

  deinit {
    bytes.deallocate()
  }

  /// Forgets what was read and turns to another stop.
  package func begin(_ process: Int32) {
    if !pages.isEmpty {
      if habits.count >= Self.habitLimit { habits.removeAll(keepingCapacity: true) }
      habits[self.process] = pages.lazy.filter(\.isWanted).prefix(Self.batchSize - 1).map(\.address)
    }
    self.process = process
    expected = habits[process] ?? []
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

  /// Fetches the pages of these addresses with few calls: a call costs as much as some pages do.
  package func prepare(toReadAt addresses: [UInt64]) {
    var pages: [UInt64] = []
    for address in addresses {
      let page = address & ~(Self.pageSize - 1)
      if page != 0, slots[page] == nil {
        // Its place is taken at once, so that no page comes twice.
        slots[page] = -1
        pages.append(page)
      }
    }
    var rest = pages[...]
    while !rest.isEmpty {
      let batch = rest.prefix(Self.batchSize)
      let done = fetch(batch)
      // The one that ended the batch can't be read.
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
      return spawntrace_read_pages(process, first, addresses.count, base + used)
    }
    for page in pages.prefix(done) {
      slots[page] = used
      used += size
      self.pages.append((page, false))
    }
    return done
  }

  /// The eight bytes at `address`, as a number; nil where they aren't readable.
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
    // An expected page that is gone ends the batch; those behind it are fetched when they are asked for.
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
