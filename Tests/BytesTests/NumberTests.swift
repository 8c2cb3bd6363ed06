import Bytes
import Testing

struct NumberTests {
  @Test func `digits have values`() {
    let decimal = (0...255).filter { UInt8($0).decimalDigit != nil }
    #expect(decimal == Array(0x30...0x39))
    let hexadecimal = (0...255).filter { UInt8($0).hexadecimalDigit != nil }
    #expect(hexadecimal == Array(0x30...0x39) + Array(0x41...0x46) + Array(0x61...0x66))
    #expect("09afAF".utf8.compactMap(\.hexadecimalDigit) == [0, 9, 10, 15, 10, 15])
  }

  @Test func `numbers are padded`() {
    #expect(UInt64(0xab).zeroPadded(to: 16, radix: 16) == "00000000000000ab")
    #expect(7.zeroPadded(to: 2) == "07")
    #expect(1234.zeroPadded(to: 2) == "1234")
    #expect(0.zeroPadded(to: 0) == "0")
    #expect((-7).zeroPadded(to: 3) == "-007")
    #expect(UInt64.max.zeroPadded(to: 3, radix: 16) == "ffffffffffffffff")
  }

  @Test func `hexadecimal numbers are read up to their end`() {
    var scanner = HexadecimalScanner(Array("7ff0-a r--p ffffffffffffffff:x".utf8)[...])
    let dash = UInt8(ascii: "-")
    let space = UInt8(ascii: " ")
    let range = [scanner.number(until: dash), scanner.number(until: space)]
    #expect(range == [0x7ff0, 10])
    let isSkipped = scanner.skip(until: space)
    #expect(isSkipped)
    let numbers = [scanner.number(until: UInt8(ascii: ":")), scanner.number(until: space)]
    #expect(numbers == [.max, nil])
    let isSkippedAgain = scanner.skip(until: space)
    #expect(!isSkippedAgain)
  }

  @Test(arguments: ["-", "10000000000000000-", "7f", "7g-", ""])
  func `other hexadecimal numbers are none`(text: String) {
    var scanner = HexadecimalScanner(Array(text.utf8)[...])
    let number = scanner.number(until: UInt8(ascii: "-"))
    #expect(number == nil)
  }
}
