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
    #expect(table.adopt(thread))
    #expect(table.unannounced.isEmpty)
    #expect(table.takeAdopted(thread))
    #expect(!table.takeAdopted(thread))
  }

  @Test("Nobody is taken in twice, or unasked")
  func once() {
    var table = TraceeTable()
    #expect(!table.adopt(8))
    table.hold(8, held(7))
    #expect(table.takeUnannounced(8) != nil)
    #expect(!table.adopt(8))
    #expect(!table.takeAdopted(8))
  }

  @Test("An id that is used again is nobody who was taken in before")
  func usedAgain() {
    var table = TraceeTable()
    table.hold(8, held(8))
    #expect(table.adopt(8))
    table.hold(8, held(7))
    #expect(!table.takeAdopted(8))
  }
}
