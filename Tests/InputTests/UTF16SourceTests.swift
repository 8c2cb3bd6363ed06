import Testing

@testable import Input

struct UTF16SourceTests {
  private func text(_ bytes: [UInt8]) throws -> String {
    try #require(UTF16Source.isBeginning(bytes))
    let source = UTF16Source(PrefixedSource(bytes), beginning: bytes)
    return String(decoding: try ZipArchiveTests.all(of: source), as: UTF8.self)
  }

  private func bytes(_ units: some Sequence<UInt16>, isBig: Bool) -> [UInt8] {
    units.flatMap { unit -> [UInt8] in
      let pair = [UInt8(unit >> 8), UInt8(unit & 0xff)]
      return isBig ? pair : pair.reversed()
    }
  }

  @Test(arguments: [true, false])
  func `text becomes UTF-8, without the mark at its beginning`(isBig: Bool) throws {
    let lines = (0..<9000).map { "line \($0): ä € 😀\r\n" }.joined() + "\u{feff}"
    #expect(try text(bytes([0xfeff] + Array(lines.utf16), isBig: isBig)) == lines)
    #expect(try text(bytes([0xfeff], isBig: isBig)) == "")
  }

  @Test func `what is damaged is replaced`() throws {
    let units: [UInt16] = [0xfeff, 0x41, 0xd800, 0x42, 0xdc00, 0x43, 0xd83d]
    #expect(try text(bytes(units, isBig: false)) == "A\u{FFFD}B\u{FFFD}C\u{FFFD}")
    #expect(try text(bytes([0xfeff, 0x41], isBig: true) + [0]) == "A\u{FFFD}")
  }

  @Test func `other beginnings are no UTF-16`() {
    for bytes: [UInt8] in [[], [0xff], [0xef, 0xbb, 0xbf], [0xff, 0xfe, 0, 0], [0x41, 0]] {
      #expect(!UTF16Source.isBeginning(bytes))
    }
  }
}
