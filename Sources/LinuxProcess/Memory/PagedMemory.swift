internal import CSpawnTrace
internal import ELFImage

/// The memory of a stopped thread's process, read by pages, each at most once a stop.
///
/// The corresponding C call is `process_vm_readv`. It reads what other threads may be changing;
/// only what the stopped thread itself holds is stable.
package final class PagedMemory: MemoryReader {
  private static let pageSize: UInt64 = 4096

  private var process: Int32
  /// Where the page at an address is in `bytes`; -1 for a page that can't be read.
  private var slots: [UInt64: Int] = [:]
  private var bytes: UnsafeMutableRawBufferPointer
  private var used = 0
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
    self.process = process
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

  private func slot(of page: UInt64) -> Int? {
    if page != lastPage {
      lastPage = page
      lastSlot = slots[page] ?? fetch(page)
    }
    return lastSlot < 0 ? nil : lastSlot
  }

  private func fetch(_ page: UInt64) -> Int {
    let size = Int(Self.pageSize)
    if used + size > bytes.count { grow() }
    let target = UnsafeMutableRawBufferPointer(rebasing: bytes[used..<(used + size)])
    guard let base = target.baseAddress,
      spawntrace_read_memory(process, page, base, size) == size
    else {
      slots[page] = -1
      return -1
    }
    let slot = used
    slots[page] = slot
    used += size
    return slot
  }

  private func grow() {
    let larger = UnsafeMutableRawBufferPointer.allocate(
      byteCount: bytes.count * 2, alignment: 16)
    larger.copyMemory(from: UnsafeRawBufferPointer(bytes))
    bytes.deallocate()
    bytes = larger
  }
}
