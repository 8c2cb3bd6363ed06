internal import Bytes

extension JSONValue {
  /// A text as a line of `JSONWriter` has it: a string, or an object with bytes that aren't UTF-8.
  package var text: String? {
    if let bytes { return String(decoding: bytes, as: UTF8.self) }
    var result: String?
    let isWhole = forEachMember { key, value in
      if key == "b64" {
        result = value.bytes.flatMap { Base64.bytes(of: $0) }.map { String(exactly: $0) }
      }
      return true
    }
    return isWhole ? result : nil
  }

  package var texts: [String]? {
    map(\.text)
  }

  package var integers: [Int32]? {
    map { $0.integer() }
  }
}
