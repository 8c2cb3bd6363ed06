/// The name of a member, made for comparisons: names of up to eight bytes are compared as one word.
package struct JSONKey {
  package let bytes: UnsafeBufferPointer<UInt8>
  /// The first eight bytes.
  @usableFromInline
  let word: UInt64

  @inlinable @inline(__always)
  package init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    var word: UInt64 = 0
    for index in 0..<min(bytes.count, 8) { word |= UInt64(bytes[index]) << UInt64(8 * index) }
    self.word = word
  }

  @inlinable @inline(__always)
  package static func == (key: JSONKey, name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    guard key.bytes.count == count else { return false }
    if count > 8 { return name.withUTF8Buffer { $0.elementsEqual(key.bytes) } }
    var word: UInt64 = 0
    for index in 0..<count { word |= UInt64(name.utf8Start[index]) << UInt64(8 * index) }
    return word == key.word
  }

  /// Lets a `switch` compare a key with names.
  @inlinable @inline(__always)
  package static func ~= (name: StaticString, key: JSONKey) -> Bool {
    key == name
  }
}
