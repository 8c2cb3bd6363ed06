import Bytes
import Testing

/// The values are those of the authors' own test program (test_fnv.c).
struct HashTests {
  @Test(
    arguments: [
      ("", 0xcbf2_9ce4_8422_2325), ("a", 0xaf63_dc4c_8601_ec8c), ("foobar", 0x8594_4171_f739_67e8),
    ] as [(String, UInt64)])
  func `hashes of 64 bits`(text: String, expected: UInt64) {
    #expect(FNV1a64(text.utf8).value == expected)
  }

  @Test(
    arguments: [
      ("", 0x811c_9dc5), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968),
    ] as [(String, UInt32)])
  func `hashes of 32 bits`(text: String, expected: UInt32) {
    #expect(FNV1a32(text.utf8).value == expected)
  }

  @Test func `bytes may come in pieces`() {
    var hash = FNV1a64("foo".utf8)
    hash.add(UInt8(ascii: "b"))
    hash.add("ar".utf8)
    #expect(hash == FNV1a64("foobar".utf8))
  }
}
