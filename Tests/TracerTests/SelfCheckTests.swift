import Testing

@testable import Tracer

/// A tracee that nobody serves is noticed, and no other is.
struct SelfCheckTests {
  private let second = SelfCheck.interval

  @Test("A thread that stands in a stop at two looks, and was not served in between, is stuck")
  func stuck() {
    var check = SelfCheck(from: 0)
    #expect(check.tick(at: second - 1) { [7] } == [])
    #expect(check.tick(at: second) { [7, 8] } == [])
    #expect(check.tick(at: 2 * second) { [7, 9] } == [7])
    // It was let go, and is suspect anew.
    #expect(check.tick(at: 3 * second) { [7] } == [])
    #expect(check.tick(at: 4 * second) { [7] } == [7])
  }

  @Test("One that is served, or has gone on, is not")
  func served() {
    var check = SelfCheck(from: 0)
    #expect(check.tick(at: second) { [7, 8] } == [])
    check.served(7)
    #expect(check.tick(at: 2 * second) { [7] } == [])
    #expect(check.tick(at: 3 * second) { [] } == [])
    #expect(check.tick(at: 4 * second) { [7] } == [])
  }

  @Test("Nobody looks before it is time")
  func time() {
    var check = SelfCheck(from: 100)
    #expect(check.next == 100 + second)
    _ = check.tick(at: second) {
      Issue.record("looked too early")
      return []
    }
  }
}
