import ELFImage

/// Memory made of byte arrays.
struct FakeMemory: MemoryReader {
  var regions: [(address: UInt64, bytes: [UInt8])] = []
  /// The number of reads, with which a test notices a walk that doesn't end.
  var readCount = 0

  mutating func read(at address: UInt64, into buffer: UnsafeMutableRawBufferPointer) -> Int {
    readCount += 1
    // The newest region first: a test may put one over another.
    for region in regions.reversed() where address >= region.address {
      let offset = address - region.address
      guard offset < UInt64(region.bytes.count) else { continue }
      let part = region.bytes[Int(offset)...].prefix(buffer.count)
      buffer.copyBytes(from: part)
      return part.count
    }
    return 0
  }

  /// Puts bytes at an address.
  mutating func put(_ bytes: [UInt8], at address: UInt64) {
    regions.append((address, bytes))
  }

  /// Overwrites the 64-bit number at an address, which must be mapped.
  mutating func poke(_ number: UInt64, at address: UInt64) {
    precondition(pokeIfThere(number, at: address), "nothing to overwrite at \(address)")
  }

  /// Overwrites the 64-bit number at an address; returns false if nothing is mapped there.
  @discardableResult
  mutating func pokeIfThere(_ number: UInt64, at address: UInt64) -> Bool {
    for index in regions.indices.reversed() {
      let region = regions[index]
      guard address >= region.address, address - region.address + 8 <= UInt64(region.bytes.count)
      else { continue }
      regions[index].bytes.put(number, at: Int(address - region.address))
      return true
    }
    return false
  }
}

extension [UInt8] {
  mutating func put(_ number: some FixedWidthInteger, at offset: Int) {
    Swift.withUnsafeBytes(of: number.littleEndian) {
      replaceSubrange(offset..<offset + $0.count, with: $0)
    }
  }
}
