import Glibc
import LinuxProcess
import Testing

struct InstantTests {
  private func at(_ nanoseconds: UInt64) -> Instant { Instant(nanoseconds: nanoseconds) }

  @Test func `durations are added, subtracted and measured in nanoseconds`() {
    #expect(at(5) + .seconds(2) == at(2_000_000_005))
    #expect(at(2_000_000_005) - .seconds(2) == at(5))
    #expect(at(7).since(at(5)) == .nanoseconds(2))
    #expect(Duration.milliseconds(1500).nanoseconds == 1_500_000_000)
    #expect(Duration(nanoseconds: 1_500_000_001) == .nanoseconds(1_500_000_001))
  }

  @Test func `nothing is before the clock's beginning or after its end`() {
    #expect(at(5) - .seconds(1) == at(0))
    #expect(at(5).since(at(7)) == .zero)
    #expect(at(.max - 1) + .seconds(1) == at(.max))
    #expect(at(5) + .seconds(-1) == at(5))
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
  }

  @Test func `the clock is CLOCK_MONOTONIC`() {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    let before = UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    let now = Instant.now
    #expect(now >= at(before))
    #expect(now.since(at(before)) < .seconds(60))
  }
}
