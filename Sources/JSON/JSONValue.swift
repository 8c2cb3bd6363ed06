/// A value on simdjson's tape (simdjson's doc/tape.md): the highest byte of a word says what the value is.
package struct JSONValue {
  @usableFromInline
  let words: UnsafePointer<UInt64>
  @usableFromInline
  let strings: UnsafePointer<UInt8>
  /// Where the value is on the tape, from 1 on.
  package let index: Int

  @inlinable @inline(__always)
  init(words: UnsafePointer<UInt64>, strings: UnsafePointer<UInt8>, index: Int) {
    self.words = words
    self.strings = strings
    self.index = index
  }

  @inlinable @inline(__always)
  var word: UInt64 { words[index] }

  @inlinable @inline(__always)
  var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

  @inlinable @inline(__always)
  var payload: UInt64 { word & 0x00FF_FFFF_FFFF_FFFF }

  /// Where the next value is.
  @inlinable @inline(__always)
  var end: Int {
    switch tag {
    case UInt8(ascii: "{"), UInt8(ascii: "["): Int(UInt32(truncatingIfNeeded: payload))
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
    default: index + 1
    }
  }

  /// Returns the value at another index of the same tape.
  @inlinable @inline(__always)
  package func at(_ index: Int) -> JSONValue {
    JSONValue(words: words, strings: strings, index: index)
  }

  // MARK: Scalars

  /// A string's bytes, with escapes resolved; nil if the value isn't a string.
  @inlinable @inline(__always)
  package var bytes: UnsafeBufferPointer<UInt8>? {
    guard tag == UInt8(ascii: "\"") else { return nil }
    let start = strings + Int(payload)
    let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: start + 4, count: Int(count))
  }

  /// Returns an integer; nil if the value isn't one, or the type can't hold it.
  @inlinable @inline(__always)
  package func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    switch tag {
    case UInt8(ascii: "l"): Value(exactly: Int64(bitPattern: words[index + 1]))
    case UInt8(ascii: "u"): Value(exactly: words[index + 1])
    default: nil
    }
  }

  @inlinable
  package var boolean: Bool? {
    switch tag {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  @inlinable
  package var isNull: Bool { tag == UInt8(ascii: "n") }

  // MARK: Containers

  /// Calls `body` with each member of an object until it returns false. Returns false then, and if the
  /// value isn't an object.
  @inlinable @inline(__always)
  package func forEachMember(_ body: (JSONKey, JSONValue) -> Bool) -> Bool {
    guard tag == UInt8(ascii: "{") else { return false }
    // The object's word leads behind the closing one.
    let last = end - 1
    var position = index + 1
    while position < last {
      guard let key = at(position).bytes else { return false }
      let value = at(position + 1)
      guard body(JSONKey(key), value) else { return false }
      position = value.end
    }
    return true
  }

  /// Returns the first member with this name.
  @inlinable @inline(__always)
  package func member(_ name: StaticString) -> JSONValue? {
    var result: JSONValue?
    _ = forEachMember { key, value in
      guard key == name else { return true }
      result = value
      return false
    }
    return result
  }

  /// Transforms the elements of an array; nil if the value isn't an array, or `body` returns nil.
  @inlinable @inline(__always)
  package func map<Element>(_ body: (JSONValue) -> Element?) -> [Element]? {
    guard tag == UInt8(ascii: "[") else { return nil }
    let last = end - 1
    var position = index + 1
    var result: [Element] = []
    while position < last {
      let value = at(position)
      guard let element = body(value) else { return nil }
      result.append(element)
      position = value.end
    }
    return result
  }
}
