import JSON
import Testing

struct JSONParserTests {
  /// Parses a text, and describes what is in it.
  private func read(_ text: String) throws -> String? {
    let parser = try #require(JSONParser())
    let bytes = Array(text.utf8) + [UInt8](repeating: 0x20, count: JSONParser.padding)
    return bytes.withUnsafeBytes { bytes in
      parser.parse(UnsafeRawBufferPointer(rebasing: bytes.dropLast(JSONParser.padding)))
        .map(describe)
    }
  }

  private func describe(_ value: JSONValue) -> String {
    if let text = value.text { return "'\(text)'" }
    if let integer: Int64 = value.integer() { return "\(integer)" }
    if let boolean = value.boolean { return "\(boolean)" }
    if let elements = value.map({ describe($0) }) {
      return "[\(elements.joined(separator: " "))]"
    }
    var members: [String] = []
    let isObject = value.forEachMember { key, value in
      members.append("\(String(decoding: key.bytes, as: UTF8.self)): \(describe(value))")
      return true
    }
    return isObject ? "{\(members.joined(separator: " "))}" : "?"
  }

  @Test(arguments: [
    ("{}", "{}"), ("[]", "[]"),
    (#"{"a":[1,-2,{"b":true}],"c":"d\n"}"#, "{a: [1 -2 {b: true}] c: 'd\n'}"),
    (#"{"a":null,"b":1.5,"c":18446744073709551615,"d":2}"#, "{a: ? b: ? c: ? d: 2}"),
    (#"[{"b64":"QQ=="},{"b64":"*"}]"#, "['A' {b64: '*'}]"), ("\"x\"", "'x'"),
  ])
  func `values are what the text has`(text: String, expected: String) throws {
    #expect(try read(text) == expected)
  }

  @Test(arguments: ["", "{", "{\"a\":}", "[1,]", "x", "\"\u{1}\"", "{} {}", "{\"a\" 1}"])
  func `other text is no value`(text: String) throws {
    #expect(try read(text) == nil)
  }

  @Test func `keys are compared as a whole, the long ones, too`() {
    for name in ["k", "seq", "stmtline", "limitations", ""] {
      name.utf8.withContiguousStorageIfAvailable { bytes in
        let key = JSONKey(bytes)
        #expect((key == "k") == (name == "k"))
        #expect((key == "stmtline") == (name == "stmtline"))
        #expect((key == "stmtlin") == false)
        #expect((key == "limitations") == (name == "limitations"))
        #expect((key == "limitationz") == false)
        switch key {
        case "seq", "k": #expect(name == "seq" || name == "k")
        case "stmtline": #expect(name == "stmtline")
        default: #expect(name == "limitations" || name.isEmpty)
        }
      }
    }
  }

  @Test func `an integer is one that the type can hold`() throws {
    let parser = try #require(JSONParser())
    let text = Array(#"[255,256,-1,18446744073709551615]"#.utf8)
    let padded = text + [UInt8](repeating: 0, count: JSONParser.padding)
    let numbers: ([UInt8?], [UInt64?])? = padded.withUnsafeBytes { bytes in
      guard let value = parser.parse(UnsafeRawBufferPointer(rebasing: bytes[..<text.count])) else {
        return nil
      }
      let small: [UInt8?]? = value.map { .some($0.integer(UInt8.self)) }
      let large: [UInt64?]? = value.map { .some($0.integer(UInt64.self)) }
      return small.flatMap { small in large.map { (small, $0) } }
    }
    let (small, large) = try #require(numbers)
    #expect(small == [255, nil, nil, nil])
    #expect(large == [255, 256, nil, .max])
  }
}
