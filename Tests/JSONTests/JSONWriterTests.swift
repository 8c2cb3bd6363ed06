import Foundation
import Reporting
import Testing

struct JSONWriterTests {
  @Test("Containers are laid out over lines, or on one where that is asked for")
  func layout() {
    var writer = JSONWriter()
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

  @Test(
    "Strings survive, whatever is in them",
    arguments: [
      "", "plain", "\"quoted\" \\ / back", "a\nb\r\tc\u{8}\u{C}\u{0}\u{1F}\u{7F}", "é 中 🙂 e\u{301}",
      "\u{2028}\u{2029}\u{FFFD}\u{FEFF}", "\r\n", "\u{301}alone",
    ])
  func strings(_ value: String) throws {
    var writer = JSONWriter()
    writer.strings([value])
    let isOneLine = !writer.text.unicodeScalars.contains { $0.value < 0x20 || $0 == "\u{2028}" }
    #expect(isOneLine)
    let parsed = try JSONSerialization.jsonObject(with: Data(writer.text.utf8))
    let strings = try #require(parsed as? [String])
    #expect(strings.first.map { Array($0.unicodeScalars) } == Array(value.unicodeScalars))
  }

  @Test(
    "Seconds are exact",
    arguments: [
      (0, "0.0"), (213_000_000, "0.213"), (1_000, "0.000001"), (499, "0.0"), (500, "0.000001"),
      (1_999_999_500, "2.0"), (60_000_000_000, "60.0"), (300_000_000, "0.3"),
      (UInt64.max, "18446744073.709552"),
    ] as [(UInt64, String)])
  func seconds(nanoseconds: UInt64, expected: String) {
    var writer = JSONWriter()
    writer.seconds(nanoseconds: nanoseconds)
    #expect(writer.text == expected)
  }
}
