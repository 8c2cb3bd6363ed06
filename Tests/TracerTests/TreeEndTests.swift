import Glibc
import LinuxProcess
import Testing

@testable import Tracer

struct TreeEndTests {
  private let begin = Instant(nanoseconds: 1_000)

  @Test func `every process is asked to end, and killed after the grace`() {
    var end = TreeEnd.ofTree(at: begin)
    #expect(end.signals == [SIGTERM, SIGCONT])
    #expect(end.nextInstant == begin + TreeEnd.grace)
    let isEarly = end.advance(to: begin + TreeEnd.grace - .nanoseconds(1))
    #expect(!isEarly)
    #expect(end.signals == [SIGTERM, SIGCONT])
    let isTime = end.advance(to: begin + TreeEnd.grace)
    #expect(isTime)
    #expect(end.signals == [SIGKILL])
    #expect(end.nextInstant == nil)
    let isTimeAgain = end.advance(to: begin + TreeEnd.grace * 2)
    #expect(!isTimeAgain)
  }

  @Test
  func `if the command is asked alone, no other process gets a signal before the grace is over`() {
    var end = TreeEnd.ofCommand(at: begin)
    #expect(end.signals.isEmpty)
    let isTime = end.advance(to: begin + TreeEnd.commandGrace)
    #expect(isTime)
    #expect(end.signals == [SIGTERM, SIGCONT])
    let isLast = end.advance(to: begin + TreeEnd.commandGrace + TreeEnd.grace)
    #expect(isLast)
    #expect(end.signals == [SIGKILL])
  }

  @Test func `once the command has ended, the others have less time`() {
    var end = TreeEnd.ofCommand(at: begin)
    end.commandEnded(at: begin)
    #expect(end.nextInstant == begin + TreeEnd.helperGrace)
    var late = TreeEnd.ofCommand(at: begin)
    late.commandEnded(at: begin + TreeEnd.commandGrace)
    #expect(late.nextInstant == begin + TreeEnd.commandGrace)
    var tree = TreeEnd.ofTree(at: begin)
    tree.commandEnded(at: begin)
    #expect(tree.nextInstant == begin + TreeEnd.grace)
  }

  @Test func `a hurried end of the command kills at once`() {
    var end = TreeEnd.ofCommand(at: begin)
    end.hurry()
    let isTime = end.advance(to: begin)
    #expect(isTime)
    #expect(end.signals == [SIGKILL])
  }

  @Test func `a hurried end kills at once`() {
    var end = TreeEnd.ofTree(at: begin)
    end.hurry()
    let isTime = end.advance(to: begin)
    #expect(isTime)
    #expect(end.signals == [SIGKILL])
    // Hurrying again changes nothing.
    end.hurry()
    let isTimeAgain = end.advance(to: begin)
    #expect(!isTimeAgain)
    #expect(end.nextInstant == nil)
  }
}
