internal import CSimdJSON

/// simdjson's parser, which is used for line after line.
final class JSONParser {
  /// How many bytes behind a text must be readable.
  static let padding = Int(csimdjson_padding)

  private let parser: OpaquePointer

  init?() {
    guard let parser = csimdjson_create() else { return nil }
    self.parser = parser
  }

  deinit {
    csimdjson_destroy(parser)
  }

  /// The value that a text is, valid until the next call; nil where it is no JSON.
  ///
  /// The bytes are to be followed by `padding` more.
  func parse(_ text: UnsafeRawBufferPointer) -> JSONValue? {
    var tape = csimdjson_tape()
    guard let base = text.baseAddress,
      csimdjson_parse(
        parser, base.assumingMemoryBound(to: UInt8.self), text.count, &tape) == 0,
      let words = tape.words, let strings = tape.strings, tape.word_count > 1
    else { return nil }
    return JSONValue(words: words, strings: strings, index: 1)
  }
}

/// A value on simdjson's tape (its doc/tape.md): a word says in its highest byte what stands there.
struct JSONValue {
  fileprivate let words: UnsafePointer<UInt64>
  fileprivate let strings: UnsafePointer<UInt8>
  /// Where it stands, from 1 on.
  let index: Int

  @inline(__always)
  private var word: UInt64 { words[index] }

  @inline(__always)
  private var tag: UInt8 { UInt8(truncatingIfNeeded: word >> 56) }

  @inline(__always)
  private var payload: UInt64 { word & 0x00FF_FFFF_FFFF_FFFF }

  /// Where the value behind this one stands.
  @inline(__always)
  fileprivate var end: Int {
    switch tag {
    case UInt8(ascii: "{"), UInt8(ascii: "["): Int(UInt32(truncatingIfNeeded: payload))
    case UInt8(ascii: "l"), UInt8(ascii: "u"), UInt8(ascii: "d"): index + 2
    default: index + 1
    }
  }

  /// The value that stands elsewhere on the same tape.
  @inline(__always)
  func at(_ index: Int) -> JSONValue {
    JSONValue(words: words, strings: strings, index: index)
  }

  // MARK: Scalars

  /// A string's bytes, with escapes resolved; nil where it is none.
  @inline(__always)
  var bytes: UnsafeBufferPointer<UInt8>? {
    guard tag == UInt8(ascii: "\"") else { return nil }
    let start = strings + Int(payload)
    let count = UnsafeRawPointer(start).loadUnaligned(as: UInt32.self)
    return UnsafeBufferPointer(start: start + 4, count: Int(count))
  }

  /// An integer that a type can hold; nil where it is none.
  @inline(__always)
  func integer<Value: FixedWidthInteger>(_ type: Value.Type = Value.self) -> Value? {
    switch tag {
    case UInt8(ascii: "l"): Value(exactly: Int64(bitPattern: words[index + 1]))
    case UInt8(ascii: "u"): Value(exactly: words[index + 1])
    default: nil
    }
  }

  var boolean: Bool? {
    switch tag {
    case UInt8(ascii: "t"): true
    case UInt8(ascii: "f"): false
    default: nil
    }
  }

  // MARK: Containers

  /// Calls `body` with each member of an object; false where it is none, or where `body` says so.
  @inline(__always)
  func forEachMember(_ body: (JSONKey, JSONValue) -> Bool) -> Bool {
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

  /// The first member with this name; nil where there is none.
  @inline(__always)
  func member(_ name: StaticString) -> JSONValue? {
    var result: JSONValue?
    _ = forEachMember { key, value in
      guard key == name else { return true }
      result = value
      return false
    }
    return result
  }

  /// What `body` makes of each element of an array; nil where it is none, or where `body` gives nil.
  @inline(__always)
  func map<Element>(_ body: (JSONValue) -> Element?) -> [Element]? {
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

/// A member's name, to be compared with names of up to eight bytes without a look at each.
struct JSONKey {
  let bytes: UnsafeBufferPointer<UInt8>
  private let word: UInt64

  @inline(__always)
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    self.bytes = bytes
    var word: UInt64 = 0
    // A name is followed by its NUL and by more of the buffer.
    for index in 0..<min(bytes.count, 8) { word |= UInt64(bytes[index]) << UInt64(8 * index) }
    self.word = word
  }

  @inline(__always)
  static func == (key: JSONKey, name: StaticString) -> Bool {
    let count = name.utf8CodeUnitCount
    guard key.bytes.count == count else { return false }
    if count > 8 { return name.withUTF8Buffer { $0.elementsEqual(key.bytes) } }
    var word: UInt64 = 0
    for index in 0..<count { word |= UInt64(name.utf8Start[index]) << UInt64(8 * index) }
    return word == key.word
  }
}
