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

/// The values are those of the authors' reference program (github.com/veorq/SipHash, vectors.h): the
/// key is 00 01 ... 0f, the text 00 01 ... of each length.
struct SipHashTests {
  private let hash = SipHash24(key: (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908))

  @Test(
    arguments: [
      (0, 0x726f_db47_dd0e_0e31), (1, 0x74f8_39c5_93dc_67fd), (7, 0xab02_00f5_8b01_d137),
      (8, 0x93f5_f579_9a93_2462), (15, 0xa129_ca61_49be_45e5), (63, 0x958a_324c_eb06_4572),
    ] as [(UInt8, UInt64)])
  func `hashes with a key`(count: UInt8, expected: UInt64) {
    #expect(hash.hash(of: (0..<count).map { $0 }) == expected)
  }

  @Test func `another key gives another hash`() {
    #expect(SipHash24(key: (1, 2)).hash(of: "a".utf8) != SipHash24(key: (1, 3)).hash(of: "a".utf8))
  }
}
