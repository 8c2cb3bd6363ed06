import ELFImage

/// The memory of a process that was damaged, is endless, or changes while it is read.
struct HostileMemory: MemoryReader {
  /// A value that is written after a number of reads.
  struct Change {
    var afterReads: Int
    var address: UInt64
    var value: UInt64
  }

  /// Structures one after the other, each with a pointer to the next: a very long list.
  struct Ladder {
    var base: UInt64
    var count: UInt64
    var template: [UInt8]
    /// The offset of the pointer to the next structure.
    var link: Int
    /// The offset of a pointer that differs in each structure: to a step of another ladder.
    var member: (offset: Int, base: UInt64, stride: UInt64)?

    var stride: UInt64 { UInt64(template.count) }

    func step(_ index: UInt64) -> [UInt8] {
      var bytes = template
      bytes.put(base &+ (index + 1) &* stride, at: link)
      if let member { bytes.put(member.base &+ index &* member.stride, at: member.offset) }
      return bytes
    }
  }

  var fake: FakeMemory
  var changes: [Change] = []
  var ladders: [Ladder] = []
  /// Bytes that are read, repeated, at addresses with nothing else. If empty, nothing is readable
  /// there.
  var backdrop: [UInt8] = []
  var readCount = 0
  var readLimit = 200_000

  mutating func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    readCount += 1
    precondition(readCount < readLimit, "too many reads")
    // The reader must never ask for so much at once.
    precondition(buffer.count <= 16 << 20, "a read that is too long")
    while let change = changes.last, change.afterReads <= readCount {
      fake.pokeIfThere(change.value, at: change.address)
      changes.removeLast()
    }
    let count = fake.read(at: address, into: buffer)
    if count > 0 { return count }
    for ladder in ladders where address >= ladder.base {
      let distance = address - ladder.base
      guard distance < ladder.count &* ladder.stride else { continue }
      let offset = Int(distance % ladder.stride)
      let part = ladder.step(distance / ladder.stride)[offset...].prefix(buffer.count)
      buffer.copyBytes(from: part)
      return part.count
    }
    guard !backdrop.isEmpty, address >= 1 << 16 else { return 0 }
    let room = min(UInt64(buffer.count), .max - address)
    // The first copy byte by byte, the others as copies of it.
    let first = min(Int(room), backdrop.count)
    for index in 0..<first {
      buffer[index] = backdrop[Int((address + UInt64(index)) % UInt64(backdrop.count))]
    }
    var done = first
    while done < Int(room) {
      let size = min(done - done % backdrop.count, Int(room) - done)
      UnsafeMutableRawBufferPointer(rebasing: buffer[done..<done + size])
        .copyMemory(from: UnsafeRawBufferPointer(rebasing: buffer[..<size]))
      done += size
    }
    return Int(room)
  }
}
