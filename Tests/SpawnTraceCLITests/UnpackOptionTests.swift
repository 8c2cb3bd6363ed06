import Testing

@testable import SpawnTraceCLI

struct UnpackOptionTests {
  @Test(
    arguments: [
      ("1", 1), ("500M", 500 << 20), ("2G", 2 << 30), ("2GiB", 2 << 30), ("3KB", 3 << 10),
      ("7B", 7), ("0", nil), ("", nil), ("G", nil), ("-1G", nil), ("1.5G", nil), ("2GG", nil),
      ("9999999999G", nil), ("B", nil),
    ] as [(String, Int?)])
  func `a size has a unit`(text: String, bytes: Int?) {
    #expect(UnpackOption.ByteCount(argument: text)?.bytes == bytes)
  }
}
