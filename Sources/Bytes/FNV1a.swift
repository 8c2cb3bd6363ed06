/// The hash FNV-1a: fast, the same on every machine, and no protection against chosen input
/// (Fowler, Noll, Vo: http://www.isthe.com/chongo/tech/comp/fnv/).
///
/// Bytes are added one after the other; `value` is the hash of those that were added so far.
package struct FNV1a64: Hashable, Sendable {
  package private(set) var value: UInt64 = 14_695_981_039_346_656_037

  package init() {}

  package init(_ bytes: some Sequence<UInt8>) {
    add(bytes)
  }

  package mutating func add(_ byte: UInt8) {
    value = (value ^ UInt64(byte)) &* 1_099_511_628_211
  }

  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(byte) }
  }
}

/// The same hash with 32 bits.
package struct FNV1a32: Hashable, Sendable {
  package private(set) var value: UInt32 = 2_166_136_261

  package init() {}

  package init(_ bytes: some Sequence<UInt8>) {
    add(bytes)
  }

  package mutating func add(_ byte: UInt8) {
    value = (value ^ UInt32(byte)) &* 16_777_619
  }

  package mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { add(byte) }
  }
}
