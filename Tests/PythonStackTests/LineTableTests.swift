import Testing

@testable import PythonStack

struct LineTableTests {
  private func lines(
    _ format: LineTable.Format, _ bytes: [UInt8], first: Int = 10, at offsets: [Int64]
  ) -> [Int?] {
    let table = LineTable(format: format, firstLine: first, bytes: bytes)
    return offsets.map(table.line(at:))
  }

  @Test func `deltas add up`() {
    // 4 bytes on line 10, 6 on line 12, then line 11.
    let bytes: [UInt8] = [4, 2, 6, 0xff]
    #expect(
      lines(.deltas(isSigned: true), bytes, at: [-1, 0, 3, 4, 9, 10, 1000])
        == [10, 10, 10, 12, 12, 11, 11])
  }

  @Test func `deltas of Python 2 are unsigned`() {
    #expect(lines(.deltas(isSigned: false), [4, 200], at: [3, 4]) == [10, 210])
    #expect(lines(.deltas(isSigned: true), [4, 200], first: 100, at: [3, 4]) == [100, 44])
  }

  @Test func `long deltas are split`() {
    #expect(
      lines(.deltas(isSigned: true), [255, 0, 45, 127, 0, 73], at: [299, 300]) == [10, 210])
  }

  @Test func `ranges can have no line`() {
    // 4 bytes on line 10, 2 without a line, 4 on line 13, 2 on line 9.
    let bytes: [UInt8] = [4, 0, 2, 0x80, 4, 3, 2, 0xfc]
    #expect(
      lines(.ranges, bytes, at: [-2, 0, 3, 4, 6, 9, 10, 12]) == [10, 10, 10, nil, 13, 13, 9, nil])
  }

  @Test func `locations have many forms`() {
    var bytes: [UInt8] = []
    bytes += [0x80 | 0 << 3 | 0, 0x12]  // short: 1 unit, line 10
    bytes += [0x80 | 12 << 3 | 1, 4, 8]  // one line: 2 units, line 12
    bytes += [0x80 | 13 << 3 | 0, 5]  // line only: 1 unit, -2: line 10
    bytes += [0x80 | 15 << 3 | 2]  // none: 3 units
    bytes += [0x80 | 14 << 3 | 0, 0x40 | 8, 2, 0, 1, 1]  // long: 1 unit, +68: line 78
    #expect(
      lines(.locations, bytes, at: [-2, 0, 2, 5, 6, 8, 13, 14, 16])
        == [10, 10, 12, 12, 10, nil, nil, 78, nil])
  }

  @Test func `module start has no line`() {
    #expect(
      lines(.locations, [0x80 | 13 << 3 | 0, 3, 0x80 | 11 << 3, 0, 0], first: 1, at: [0, 2])
        == [nil, 1])
  }

  @Test(
    arguments: [
      LineTable.Format.deltas(isSigned: true), .deltas(isSigned: false), .ranges, .locations,
    ])
  func `any bytes give an answer`(format: LineTable.Format) {
    var random = SeededGenerator(state: 3)
    let long: [UInt8] = [0x80 | 14 << 3, 0x48, 0x42, 0x41, 2, 0x40, 0, 1, 1]
    for count in 0...long.count {
      _ = lines(format, Array(long[..<count]), at: [0, 1, 2, 100])
    }
    for _ in 0..<5000 {
      let bytes = (0..<Int.random(in: 0...40, using: &random)).map { _ in
        UInt8.random(in: 0...255, using: &random)
      }
      _ = lines(
        format, bytes, first: Int(Int32.random(in: .min ... .max, using: &random)),
        at: [.min, -1, 0, 1, 7, 50, .max])
    }
    // A number that never ends.
    _ = lines(format, [0xf0] + [UInt8](repeating: 0x7f, count: 100), at: [0, .max])
  }

  @Test func `truncated entry has no line`() {
    #expect(lines(.locations, [0x80 | 14 << 3 | 7, 0x40], at: [0]) == [nil])
    #expect(lines(.locations, [0x80 | 13 << 3 | 7], at: [0]) == [nil])
    #expect(lines(.ranges, [4], at: [0]) == [nil])
    #expect(lines(.deltas(isSigned: true), [4], at: [5]) == [10])
  }
}

/// Random numbers that are the same in each run (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
    return value ^ (value >> 31)
  }
}
