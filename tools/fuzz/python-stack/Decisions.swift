/// The fuzzer's input, read as a list of decisions. When it is used up, each further decision is 0.
struct Decisions {
  private var rest: ArraySlice<UInt8>

  init(_ bytes: [UInt8]) {
    rest = bytes[...]
  }

  var isEmpty: Bool { rest.isEmpty }

  mutating func byte() -> UInt8 {
    rest.popFirst() ?? 0
  }

  mutating func flag() -> Bool {
    byte() & 1 == 1
  }

  /// One of the numbers from 0 up to `end`, which is at most 65536.
  mutating func below(_ end: Int) -> Int {
    let number = end <= 256 ? Int(byte()) : Int(byte()) | Int(byte()) << 8
    return end <= 1 ? 0 : number % end
  }

  mutating func element<Element>(_ list: [Element]) -> Element {
    list[below(list.count)]
  }

  mutating func word() -> UInt64 {
    (0..<8).reduce(0) { word, index in word | UInt64(byte()) << (8 * UInt64(index)) }
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in byte() }
  }

  mutating func remainder() -> [UInt8] {
    defer { rest = [] }
    return Array(rest)
  }
}
