import LinuxProcess
import Testing
import TraceModel

@testable import Tracer

struct RunDeadlineTests {
  private let begin = Instant(nanoseconds: 0)

  private func sample(_ milliseconds: Int, _ processes: Set<Int32> = [1]) -> RunDeadline.Sample {
    .init(
      processorTime: .milliseconds(milliseconds),
      processes: Set(processes.map(ProcessID.init(rawValue:))))
  }

  private func at(_ milliseconds: Int) -> Instant { begin + .milliseconds(milliseconds) }

  @Test func `no sample is taken before half a second is left`() {
    var deadline = RunDeadline(after: .seconds(3), from: begin)
    #expect(deadline.nextInstant == at(2500))
    let isMoving = deadline.advance(to: at(2499)) {
      Issue.record("a sample was taken too early")
      return sample(0)
    }
    #expect(isMoving == nil)
  }

  @Test func `a run that is shorter than a second is sampled from its middle on`() {
    #expect(RunDeadline(after: .milliseconds(200), from: begin).nextInstant == at(100))
  }

  @Test(arguments: [(0, false), (25, false), (26, true), (500, true)])
  func `a tree moves if it uses more than a twentieth of the time`(used: Int, expected: Bool) {
    var deadline = RunDeadline(after: .seconds(3), from: begin)
    let first = deadline.advance(to: at(2500)) { sample(1000) }
    #expect(first == nil)
    #expect(deadline.nextInstant == at(3000))
    let between = deadline.advance(to: at(2999)) { sample(5000) }
    #expect(between == nil)
    let isMoving = deadline.advance(to: at(3000)) { sample(1000 + used) }
    #expect(isMoving == expected)
  }

  @Test func `a tree with other processes than before moves`() {
    var deadline = RunDeadline(after: .seconds(3), from: begin)
    _ = deadline.advance(to: at(2500)) { sample(1000, [1, 2]) }
    let isMoving = deadline.advance(to: at(3000)) { sample(1000, [1, 3]) }
    #expect(isMoving == true)
  }

  @Test func `the time of threads that have ended is gone, and is not taken for movement`() {
    var deadline = RunDeadline(after: .seconds(3), from: begin)
    _ = deadline.advance(to: at(2500)) { sample(1000) }
    let isMoving = deadline.advance(to: at(3000)) { sample(400) }
    #expect(isMoving == false)
  }

  @Test func `a first sample that comes late is measured from when it was taken`() {
    var deadline = RunDeadline(after: .seconds(3), from: begin)
    _ = deadline.advance(to: at(2900)) { sample(1000) }
    let isMoving = deadline.advance(to: at(3000)) { sample(1006) }
    #expect(isMoving == true)
  }
}
