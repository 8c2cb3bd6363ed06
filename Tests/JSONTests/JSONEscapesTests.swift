import Foundation
import JSON
import Testing

/// Text from outside in JSON: nothing in it acts on a terminal or in a log, and a reader gets it as it
/// was.
struct JSONEscapesTests {
  private static let styles = [JSONWriter.Style.line, .report]

  private static func json(_ value: String, _ style: JSONWriter.Style) -> String {
    var writer = JSONWriter(style)
    writer.object { $0.member("text", value) }
    return writer.text
  }

  @Test func `characters that move, hide or reorder text are escaped, and read as they were`()
    throws
  {
    let ranges: [ClosedRange<UInt32>] = [
      0x00...0x1F, 0x7F...0x9F, 0x061C...0x061C, 0x200B...0x200B, 0x200E...0x200F, 0x2028...0x202E,
      0x2060...0x2064, 0x2066...0x206F, 0xFEFF...0xFEFF, 0xE0001...0xE0001, 0xE0020...0xE007F,
    ]
    for scalar in ranges.joined().compactMap(Unicode.Scalar.init) {
      for style in Self.styles {
        let text = Self.json("a\(scalar)b", style)
        let isLineFeed = scalar == "\n" && style == .report
        #expect(isLineFeed || !text.unicodeScalars.contains(scalar), "U+\(scalar.value)")
        let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
        #expect(parsed?["text"].map { Array($0.unicodeScalars) } == ["a", scalar, "b"])
      }
    }
  }

  @Test(arguments: ["é", "中", "👩‍🚀", "e\u{301}", "می‌خواهم", "…", "─"])
  func `other characters stay`(_ value: String) {
    for style in Self.styles { #expect(Self.json(value, style).contains(value)) }
  }

  @Test(arguments: [
    ("##[error]a", ##"##\u005berror]a"##),
    ("a ##vso[task.complete result=Failed;]", ##"a ##vso\u005btask.complete result=Failed;]"##),
    ("##teamcity[buildStop]", ##"##teamcity\u005bbuildStop]"##),
    ("#\u{200D}#[error]", "#\u{200D}#\\u005berror]"),
    ("section_start:1:a", #"section_start\u003a1:a"#),
    ("travis_fold:end:a", #"travis_fold\u003aend:a"#),
  ])
  func `commands of CI systems are broken, and read as they were`(
    value: String, expected: String
  ) throws {
    for style in Self.styles {
      let text = Self.json(value, style)
      #expect(text.contains(expected), "\(text)")
      let parsed = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: String]
      #expect(parsed?["text"] == value)
    }
  }

  @Test(arguments: ["# [a]", "#[a]", "a[0]", "## a [b]", "## [b]", "sections: a"])
  func `text that is no command stays`(_ value: String) {
    for style in Self.styles { #expect(Self.json(value, style).contains(value)) }
  }

  @Test func `a line of another tool gets the same escapes, and the rest of it stays`() {
    let line = #"{"a":"\u001b[0m \#u{9B}1m##vso[a.b]","b":[1, {"b64":"Qf8="}],"c":"é\#u{202E}"}"#
    let printable = Array(line.utf8).withUnsafeBytes { JSONEscapes.printable($0) }
    #expect(
      String(decoding: printable, as: UTF8.self)
        == ##"{"a":"\u001b[0m \u009b1m##vso\u005ba.b]","b":[1, {"b64":"Qf8="}],"c":"é\u202e"}"##)
  }

  @Test func `a carriage return between values is a blank`() {
    let line = Array("{\"a\":\r1}\r".utf8)
    let printed = line.withUnsafeBytes { JSONEscapes.printable($0) }
    #expect(String(decoding: printed, as: UTF8.self) == "{\"a\": 1} ")
  }
}
