import CSpawnTrace
import Testing

@testable import LinuxProcess

struct FilterProgramTests {
  private static let allow = UInt32(SECCOMP_RET_ALLOW)
  private static let notify = UInt32(SECCOMP_RET_USER_NOTIF)
  private static let trace = UInt32(SECCOMP_RET_TRACE) | UInt32(spawntrace_filter_mark)

  private func filter(
    _ patterns: [CallPattern], action: FilterProgram.Action = .notify
  ) -> FilterInterpreter {
    FilterInterpreter(program: FilterProgram(patterns, action: action).instructions)
  }

  /// One pattern of each kind, one of them among the others' numbers.
  private static let patterns = [
    CallPattern(number: 257, condition: .argument(2, isOneOf: [0x80000, 0x88000])),
    CallPattern(number: 42, condition: .argumentAbove(2, 28)),
    CallPattern(number: 59),
    CallPattern(number: 2, condition: .argument(1, isOneOf: [0x80000])),
  ]

  @Test func `the actions are those of seccomp(2), without data`() throws {
    let patterns = [CallPattern(number: 59)]
    #expect(try filter(patterns, action: .notify).verdict(59) == 0x7fc0_0000)
    #expect(try filter(patterns, action: .trace).verdict(59) == 0x7ff0_5354)
    #expect(try filter(patterns, action: .trace).verdict(60) == 0x7fff_0000)
  }

  @Test func `calls that no pattern names pass, and so do all calls without a pattern`() throws {
    let filter = filter(Self.patterns)
    let picked: Set<UInt32> = [257, 42, 59, 2]
    for number in UInt32(0)..<600 where !picked.contains(number) {
      #expect(try filter.verdict(number, Array(repeating: 0x80000, count: 6)) == Self.allow)
    }
    #expect(try self.filter([]).verdict(257) == Self.allow)
  }

  @Test func `always`() throws {
    #expect(try filter(Self.patterns).verdict(59) == Self.notify)
    #expect(
      try filter(Self.patterns).verdict(59, Array(repeating: .max, count: 6)) == Self.notify)
  }

  @Test(
    arguments: [
      (0x80000, true), (0x88000, true), (0, false), (0x80001, false), (0x80002, false),
      (0x8000, false), (0x90000, false), (0xffff_ffff, false), (0x1_0008_0000, true),
    ] as [(UInt64, Bool)])
  func `isOneOf: exactly the values, of that argument, in its low half`(
    value: UInt64, expected: Bool
  ) throws {
    let filter = filter(Self.patterns)
    let verdict = expected ? Self.notify : Self.allow
    #expect(try filter.verdict(257, [7, 7, value, 7, 7, 7]) == verdict)
    // The same value in another argument means nothing.
    for index in [0, 1, 3, 4, 5] {
      var arguments: [UInt64] = [7, 7, 7, 7, 7, 7]
      arguments[index] = value
      #expect(try filter.verdict(257, arguments) == Self.allow)
    }
    #expect(
      try filter.verdict(2, [7, value])
        == (UInt32(truncatingIfNeeded: value) == 0x80000 ? Self.notify : Self.allow))
  }

  @Test(
    arguments: [
      (0, false), (16, false), (27, false), (28, false), (29, true), (110, true),
      (0x7fff_ffff, true), (0x8000_0000, true), (0xffff_ffff, true), (0x1_0000_0000, false),
    ] as [(UInt64, Bool)])
  func `argumentAbove: greater, unsigned`(value: UInt64, expected: Bool) throws {
    let verdict = try filter(Self.patterns).verdict(42, [0, 0, value])
    #expect(verdict == (expected ? Self.notify : Self.allow))
  }

  @Test(arguments: 0..<6)
  func `each argument can be tested`(index: Int) throws {
    let filter = filter([
      CallPattern(number: 1, condition: .argument(index, isOneOf: [5])),
      CallPattern(number: 2, condition: .argumentAbove(index, 5)),
    ])
    var arguments: [UInt64] = [9, 9, 9, 9, 9, 9]
    arguments[index] = 5
    #expect(try filter.verdict(1, arguments) == Self.notify)
    #expect(try filter.verdict(2, arguments) == Self.allow)
    #expect(try filter.verdict(1, [9, 9, 9, 9, 9, 9]) == Self.allow)
    #expect(try filter.verdict(2, [9, 9, 9, 9, 9, 9]) == Self.notify)
  }

  @Test(arguments: [
    UInt32(AUDIT_ARCH_I386), UInt32(AUDIT_ARCH_ARM), 0, .max, spawntrace_audit_architecture ^ 1,
  ])
  func `other architectures pass, whatever their numbers mean`(architecture: UInt32) throws {
    for number in [257, 42, 59, 2] as [UInt32] {
      #expect(
        try filter(Self.patterns).verdict(
          number, [0, 0x80000, 0x80000], architecture: architecture)
          == Self.allow)
    }
  }

  @Test func `the x32 table passes`() throws {
    for number in [257, 42, 59, 2] as [UInt32] {
      let verdict = try filter(Self.patterns).verdict(number | 0x4000_0000, [0, 0x80000, 0x80000])
      #expect(verdict == Self.allow)
    }
  }

  @Test func `long lists of values, and an empty one`() throws {
    let values = (0..<60).map { UInt32($0 * 3) }
    let filter = filter([
      CallPattern(number: 9, condition: .argument(0, isOneOf: values)), CallPattern(number: 10),
      CallPattern(number: 11, condition: .argument(0, isOneOf: [])),
    ])
    for value in UInt64(0)..<200 {
      let isIn = value % 3 == 0 && value < 180
      #expect(try filter.verdict(9, [value]) == (isIn ? Self.notify : Self.allow))
      #expect(try filter.verdict(10, [value]) == Self.notify)
      #expect(try filter.verdict(11, [value]) == Self.allow)
    }
  }

  @Test func `allOf and anyOf: each alternative by itself, all of its parts`() throws {
    let filter = filter([
      CallPattern(
        number: 1,
        condition: .anyOf([
          .allOf([.argument(0, isOneOf: [2, 5]), .argumentAbove(2, 16)]),
          .argument(2, isOneOf: [13, 32]),
        ])),
      CallPattern(number: 3, condition: .allOf([.argument(0, isOneOf: []), .argumentAbove(2, 0)])),
      CallPattern(number: 4, condition: .anyOf([])), CallPattern(number: 5),
    ])
    for descriptor in UInt64(0)..<8 {
      for length in UInt64(0)..<40 {
        let arguments = [descriptor, 7, length]
        let expected =
          (descriptor == 2 || descriptor == 5) && length > 16 || length == 13 || length == 32
        #expect(try filter.verdict(1, arguments) == (expected ? Self.notify : Self.allow))
        #expect(try filter.verdict(3, arguments) == Self.allow)
        #expect(try filter.verdict(4, arguments) == Self.allow)
        #expect(try filter.verdict(5, arguments) == Self.notify)
      }
    }
  }
}
