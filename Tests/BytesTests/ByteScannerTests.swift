import Bytes
import Testing

struct ByteScannerTests {
  private func scan<Result>(_ text: String, _ body: (inout ByteScanner) -> Result) -> Result {
    Array(text.utf8).withUnsafeBytes { bytes in
      var scanner = ByteScanner(bytes)
      return body(&scanner)
    }
  }

  @Test func `a text is read from left to right`() {
    scan("  12 ab,cd") { rest in
      rest.skipSpaces()
      let numbers = [rest.decimal(), rest.decimal()]
      #expect(numbers == [12, nil])
      let skips = [rest.skip("ab"), rest.skip(" ")]
      #expect(skips == [false, true])
      let parts = [rest.read(until: UInt8(ascii: ","))?.text, rest.read(until: 0x2C)?.text]
      #expect(parts == ["ab", nil])
      #expect(rest.text == "cd")
      #expect(rest == "cd")
      #expect(!(rest == "c"))
      #expect(!(rest == "cde"))
    }
  }

  /// 19 digits are what 64 bits hold in any case.
  @Test func `long numbers are read in parts`() {
    scan("99999999999999999999") { rest in
      let numbers = [rest.decimal(), rest.decimal()]
      #expect(numbers == [9_999_999_999_999_999_999, 9])
      #expect(rest.isEmpty)
    }
  }

  @Test func `texts are found`() {
    scan("aab = 1 = 2") { rest in
      #expect(rest.contains("ab "))
      #expect(!rest.contains("abc"))
      #expect(rest.rest(afterLast: " = ")?.text == "2")
      #expect(rest.rest(afterLast: "2")?.isEmpty == true)
      #expect(rest.rest(afterLast: "aab = 1 = 2x") == nil)
    }
  }

  @Test func `nothing is read of nothing`() {
    var rest = ByteScanner(UnsafeRawBufferPointer(start: nil, count: 0))
    rest.skipSpaces()
    #expect(rest.isEmpty)
    #expect(rest.first == nil)
    let number = rest.decimal()
    #expect(number == nil)
    let part = rest.read(until: 0)
    #expect(part == nil)
    #expect(!rest.contains("a"))
    #expect(rest.rest(afterLast: "a") == nil)
  }
}
