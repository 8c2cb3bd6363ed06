internal import LinuxProcess
internal import Testing
internal import TraceModel

@testable import Tracer

struct PostponedEndsTests {
  private let begin = Instant(nanoseconds: 1_000_000_000)
  private let process = ProcessID(rawValue: 7)

  @Test func `a process gets its signal again after a moment, once`() {
    var ends = PostponedEnds()
    #expect(ends.nextInstant == nil)
    let isPostponed = ends.postpone(process, at: begin)
    #expect(isPostponed)
    #expect(ends.nextInstant == begin + PostponedEnds.step)
    let early = ends.removeDue(at: begin)
    #expect(early.isEmpty)
    let due = ends.removeDue(at: begin + PostponedEnds.step)
    #expect(due == [process])
    let again = ends.removeDue(at: begin + PostponedEnds.step)
    #expect(again.isEmpty)
  }

  @Test func `a process isn't spared for ever`() {
    var ends = PostponedEnds()
    for _ in 0..<PostponedEnds.limit {
      let isPostponed = ends.postpone(process, at: begin)
      #expect(isPostponed)
    }
    let isPostponed = ends.postpone(process, at: begin)
    #expect(!isPostponed)
  }
}
