/// The keyed hash SipHash-2-4: whoever doesn't know the key can't find out what was hashed, not even
/// by trying (Aumasson, Bernstein: https://cr.yp.to/siphash/siphash-20120918.pdf).
package struct SipHash24: Hashable, Sendable {
  private let words: (UInt64, UInt64)

  /// - Parameter words: The key's 128 bits, the first eight bytes as the first number, little-endian.
  package init(key words: (UInt64, UInt64)) {
    self.words = words
  }

  package func hash(of bytes: some Collection<UInt8>) -> UInt64 {
    var state = State(words)
    var word: UInt64 = 0
    var count = 0
    for byte in bytes {
      word |= UInt64(byte) << UInt64(8 * (count % 8))
      count += 1
      if count % 8 == 0 {
        state.add(word)
        word = 0
      }
    }
    state.add(word | UInt64(count & 0xff) << 56)
    return state.finished
  }

  package static func == (one: SipHash24, other: SipHash24) -> Bool {
    one.words == other.words
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
  }

  private struct State {
    private var v: (UInt64, UInt64, UInt64, UInt64)

    init(_ key: (UInt64, UInt64)) {
      v = (
        key.0 ^ 0x736f_6d65_7073_6575, key.1 ^ 0x646f_7261_6e64_6f6d,
        key.0 ^ 0x6c79_6765_6e65_7261, key.1 ^ 0x7465_6462_7974_6573
      )
    }

    mutating func add(_ word: UInt64) {
      v.3 ^= word
      round()
      round()
      v.0 ^= word
    }

    var finished: UInt64 {
      var last = self
      last.v.2 ^= 0xff
      for _ in 0..<4 { last.round() }
      return last.v.0 ^ last.v.1 ^ last.v.2 ^ last.v.3
    }

    private mutating func round() {
      v.0 &+= v.1
      v.1 = Self.rotated(v.1, by: 13) ^ v.0
      v.0 = Self.rotated(v.0, by: 32)
      v.2 &+= v.3
      v.3 = Self.rotated(v.3, by: 16) ^ v.2
      v.0 &+= v.3
      v.3 = Self.rotated(v.3, by: 21) ^ v.0
      v.2 &+= v.1
      v.1 = Self.rotated(v.1, by: 17) ^ v.2
      v.2 = Self.rotated(v.2, by: 32)
    }

    private static func rotated(_ word: UInt64, by count: UInt64) -> UInt64 {
      word << count | word >> (64 - count)
    }
  }
}
