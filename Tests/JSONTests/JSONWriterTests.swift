import Bytes
import Foundation
import JSON
import Testing

struct JSONWriterTests {
  @Test func `containers are laid out over lines, or on one where that is asked for`() {
    var writer = JSONWriter(.report)
    writer.object { writer in
      writer.member("number", 1)
      writer.key("empty")
      writer.array { _ in }
      writer.key("items")
      writer.array { writer in
        writer.object(.oneLine) { writer in
          writer.member("flag", true)
          writer.key("nothing")
          writer.null()
          writer.key("inside")
          writer.array { writer in
            writer.integer(1)
            writer.integer(2)
          }
        }
        writer.string("end")
      }
    }
    let expected = """
      {
        "number": 1,
        "empty": [],
        "items": [
          {"flag": true, "nothing": null, "inside": [1, 2]},
          "end"
        ]
      }
      """
    #expect(writer.text == expected)
  }

  @Test(arguments: [
    "", "plain", "\"quoted\" \\ / back", "a\nb\r\tc\u{8}\u{C}\u{0}\u{1F}\u{7F}", "é 中 🙂 e\u{301}",
    "\u{2028}\u{2029}\u{FFFD}\u{FEFF}", "\r\n", "\u{301}alone",
  ])
  func `strings survive, whatever is in them`(_ value: String) throws {
    var writer = JSONWriter(.report)
    writer.strings([value])
    let isOneLine = !writer.text.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{2028}" }
    #expect(isOneLine)
    let parsed = try JSONSerialization.jsonObject(with: Data(writer.text.utf8))
    let strings = try #require(parsed as? [String])
    #expect(strings.first.map { Array($0.unicodeScalars) } == Array(value.unicodeScalars))
  }

  @Test(
    arguments: [
      (0, "0.0"), (213_000_000, "0.213"), (1_000, "0.000001"), (499, "0.0"), (500, "0.000001"),
      (1_999_999_500, "2.0"), (60_000_000_000, "60.0"), (300_000_000, "0.3"),
      (UInt64.max, "18446744073.709552"),
    ] as [(UInt64, String)])
  func `seconds are exact`(nanoseconds: UInt64, expected: String) {
    var writer = JSONWriter(.report)
    writer.seconds(nanoseconds: nanoseconds)
    #expect(writer.text == expected)
  }

  @Test func `a line has no white space, and keeps bytes that aren't UTF-8`() {
    var writer = JSONWriter(.line)
    writer.object { writer in
      writer.member("a", -1)
      writer.member("b", "\u{8}\u{2028}\n\u{7f}")
      writer.member("c", String(exactly: [0x41, 0xff]))
      writer.key("d")
      writer.array([1, 2]) { $0.integer($1) }
      writer.key("e")
      writer.object(.lines) { $0.member(named: "x\"y", "z") }
      writer.member("f", ["g"])
    }
    writer.endLine()
    #expect(
      writer.text
        == #"{"a":-1,"b":"\u0008\u2028\n\u007f","c":{"b64":"Qf8="},"d":[1,2],"e":{"x\"y":"z"},"#
        + #""f":["g"]}"# + "\n")
    writer.clear()
    writer.array { $0.boolean(false) }
    #expect(writer.text == "[false]")
  }

  @Test func `a report repairs bytes that aren't UTF-8`() {
    var writer = JSONWriter(.report)
    writer.strings([String(exactly: [0x41, 0xff]), "\u{2027}\u{2028}\u{e8}\u{a8}"])
    #expect(writer.text == #"["A\#u{fffd}", "\#u{2027}\u2028\#u{e8}\#u{a8}"]"#)
  }

  @Test(arguments: [JSONWriter.Style.line, .report])
  func `a missing value is null or no member, as the caller says`(style: JSONWriter.Style) {
    func text(_ members: (inout JSONWriter) -> Void) -> String {
      var writer = JSONWriter(style)
      writer.object(.oneLine, members)
      return writer.text.replacing(" ", with: "")
    }
    #expect(
      text {
        $0.member("a", orNull: String?.none)
        $0.member("b", orNull: Int?.none)
        $0.member("c", orNull: Bool?.none)
      } == #"{"a":null,"b":null,"c":null}"#)
    #expect(
      text {
        $0.member("a", orNull: "x")
        $0.member("b", orNull: 1)
        $0.member("c", orNull: true)
      } == #"{"a":"x","b":1,"c":true}"#)
    #expect(
      text {
        $0.member("a", ifPresent: String?.none)
        $0.member("b", ifPresent: Int?.none)
        $0.member("c", ifTrue: false)
      } == "{}")
    #expect(
      text {
        $0.member("a", ifPresent: "x")
        $0.member("b", ifPresent: 1)
        $0.member("c", ifTrue: true)
      } == #"{"a":"x","b":1,"c":true}"#)
  }

  @Test(arguments: [0, 7, -1, 1000, .max, .min] as [Int64])
  func `integers are written whole`(value: Int64) {
    var writer = JSONWriter(.line)
    writer.integer(value)
    #expect(writer.text == "\(value)")
  }
}
