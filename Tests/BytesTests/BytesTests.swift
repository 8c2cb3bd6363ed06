import Bytes
import Testing

struct BytesTests {
  @Test(
    arguments: [
      [], Array("plain".utf8), Array("caf\u{e9} \u{20ac} \u{1f40d}".utf8), [0xff], [0x80, 0x41],
      [0x41, 0xc3], [0xc3, 0x28], [0xe2, 0x82], [0xe2, 0x82, 0x41], [0xf0, 0x9f, 0x90],
      [0xed, 0xa0, 0x80], [0xc0, 0x80], [0xf4, 0x90, 0x80, 0x80], [0xf5, 0x80, 0x80, 0x80],
      Array("\u{10FF80}".utf8), Array("a\u{10FFFF}b\u{10FF7F}".utf8), [0, 0xfe, 0],
      Array(0...255), Array("/tmp/\u{e9}/".utf8) + [0xe9, 0x2f] + Array("x.py".utf8),
    ] as [[UInt8]])
  func `bytes come back`(bytes: [UInt8]) {
    #expect(String(exactly: bytes).exactBytes == bytes)
    #expect(String(exactly: bytes[...]).exactBytes == bytes)
  }

  /// All sequences of four bytes out of those at which the rules of UTF-8 change.
  @Test func `no two sequences are the same text`() {
    let boundaries: [UInt8] = [
      0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0xbe, 0xbf, 0xc0, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4,
      0xf5, 0xff,
    ]
    var seen: Set<String> = []
    var count = 0
    for a in boundaries {
      for b in boundaries {
        for c in boundaries {
          for d in boundaries {
            let bytes = [a, b, c, d]
            let text = String(exactly: bytes)
            #expect(text.exactBytes == bytes)
            seen.insert(text)
            count += 1
          }
        }
      }
    }
    #expect(seen.count == count)
  }

  @Test func `valid text is itself`() {
    let text = "/srv/caf\u{e9}/\u{1f40d}.py"
    #expect(String(exactly: Array(text.utf8)) == text)
    #expect(!text.keepsBytes)
    #expect(text.repaired == text)
  }

  @Test func `other bytes are repaired for readers`() {
    let text = String(exactly: [0x61, 0xe9, 0x62])
    #expect(text.keepsBytes)
    #expect(text.repaired == "a\u{FFFD}b")
    #expect(text.unicodeScalars.compactMap(\.keptByte) == [0xe9])
  }
}
