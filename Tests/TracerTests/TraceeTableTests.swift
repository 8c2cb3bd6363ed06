import LinuxProcess
import Testing

@testable import Tracer

struct TraceeTableTests {
  private func held(_ process: Int32) -> TraceeTable.Unannounced {
    .init(process: process, parent: 1, firstStop: .trap, adoptionDeadline: 0)
  }

  /// By then it may have ended, and whoever isn't known would be a process whose end never comes.
  @Test("Who was taken in without an event is known when it comes", arguments: [7, 8])
  func adopted(thread: Int32) {
    var table = TraceeTable()
    table.addProcess(7, image: nil)
    table.hold(thread, held(7))
    let isTakenIn = table.adopt(thread)
    let isKnown = table.takeAdopted(thread)
    let isStillKnown = table.takeAdopted(thread)
    #expect(isTakenIn && isKnown && !isStillKnown)
    #expect(table.unannounced.isEmpty)
  }

  @Test("Nobody is taken in twice, or unasked")
  func once() {
    var table = TraceeTable()
    let isTakenIn = table.adopt(8)
    table.hold(8, held(7))
    let isAnnounced = table.takeUnannounced(8) != nil
    let isTakenInLater = table.adopt(8)
    let isKnown = table.takeAdopted(8)
    #expect(!isTakenIn && isAnnounced && !isTakenInLater && !isKnown)
  }

  @Test("An id that is used again is nobody who was taken in before")
  func usedAgain() {
    var table = TraceeTable()
    table.hold(8, held(8))
    let isTakenIn = table.adopt(8)
    table.hold(8, held(7))
    let isKnown = table.takeAdopted(8)
    #expect(isTakenIn && !isKnown)
  }
}
