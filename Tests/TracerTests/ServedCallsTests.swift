import CSpawnTrace
import Glibc
import LinuxProcess
import Testing

@testable import Tracer

struct ServedCallsTests {
  private func isPicked(_ number: Int32, _ arguments: UInt64...) -> Bool {
    let all = arguments + Array(repeating: 0, count: 6 - arguments.count)
    let call = SystemCall(
      number: Int(number), arguments: (all[0], all[1], all[2], all[3], all[4], all[5]),
      threadPointer: nil)
    return ServedCalls.patterns.contains { $0.matches(call) }
  }

  @Test func `opens with any flags are picked, and folders that are made`() {
    for flags in [O_RDONLY, O_RDONLY | O_CLOEXEC, O_WRONLY | O_CREAT | O_EXCL] {
      #expect(isPicked(SYS_openat, 3, 0x1000, UInt64(flags)))
      #expect(CallNumber.open.map { isPicked($0, 0x1000, UInt64(flags)) } != false)
    }
    #expect(isPicked(CallNumber.openat2, 3, 0x1000, 0x2000, 24) && isPicked(SYS_mkdirat, 3, 0x1000))
    for number in [CallNumber.creat, CallNumber.mkdir] {
      #expect(number.map { isPicked($0, 0x1000) } != false)
    }
  }

  @Test func `what becomes an event is picked as in other runs`() {
    let numbers = ServedCalls.patterns.map(\.number)
    #expect(Set(numbers).count == numbers.count)
    for pattern in Interest.patterns where !ServedCalls.patterns.contains(pattern) {
      #expect([Int(SYS_openat), CallNumber.open.map { Int($0) }].contains(pattern.number))
    }
    for number in numbers { #expect(Interest.call(number: number) != nil, "call \(number)") }
  }
}
