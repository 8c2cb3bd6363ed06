import LinuxProcess
import Testing
import TraceModel

@testable import Tracer

/// A tracee that the tracer has forgotten in a stop is found, and no other is.
struct StuckThreadCheckTests {
  private func intervals(_ count: UInt64) -> Instant {
    Instant(nanoseconds: count * StuckThreadCheck.interval.nanoseconds)
  }

  private func threads(_ ids: Int32...) -> Set<ThreadID> { Set(ids.map(ThreadID.init(rawValue:))) }

  @Test func `a thread in a stop at two checks, and not served in between, is stuck`() {
    var check = StuckThreadCheck(from: intervals(0))
    #expect(check.advance(to: intervals(1) - .nanoseconds(1)) { threads(7) } == [])
    #expect(check.advance(to: intervals(1)) { threads(7, 8) } == [])
    #expect(check.advance(to: intervals(2)) { threads(7, 9) } == threads(7))
    // It was resumed, and is suspect again.
    #expect(check.advance(to: intervals(3)) { threads(7) } == [])
    #expect(check.advance(to: intervals(4)) { threads(7) } == threads(7))
  }

  @Test func `a thread that is served, or has run on, is not stuck`() {
    var check = StuckThreadCheck(from: intervals(0))
    #expect(check.advance(to: intervals(1)) { threads(7, 8) } == [])
    check.served(ThreadID(rawValue: 7))
    #expect(check.advance(to: intervals(2)) { threads(7) } == [])
    #expect(check.advance(to: intervals(3)) { [] } == [])
    #expect(check.advance(to: intervals(4)) { threads(7) } == [])
  }

  @Test func `threads are not examined before it is time`() {
    let begin = Instant(nanoseconds: 100)
    var check = StuckThreadCheck(from: begin)
    #expect(check.nextInstant == begin + StuckThreadCheck.interval)
    _ = check.advance(to: intervals(1)) {
      Issue.record("examined too early")
      return []
    }
  }
}
