import LinuxProcess
import Testing
import TraceModel

@testable import Tracer

struct TraceeTableTests {
  private static let process = ProcessID(rawValue: 7)

  private func thread(_ id: Int32) -> ThreadID { ThreadID(rawValue: id) }

  private func held(_ process: Int32) -> TraceeTable.Unannounced {
    .init(
      process: ProcessID(rawValue: process), parent: ProcessID(rawValue: 1), firstStop: .trap,
      adoptionDeadline: Instant(nanoseconds: 0))
  }

  /// By then the tracee may have ended. Unrecognised, it would stay in the table for ever.
  @Test(arguments: [7, 8])
  func `a tracee that was adopted is recognised once, at its parent's event`(id: Int32) {
    var table = TraceeTable()
    table.addProcess(Self.process, image: nil)
    table.hold(thread(id), held(7))
    let isAdopted = table.adopt(thread(id))
    let isKnown = table.removeAdopted(thread(id))
    let isStillKnown = table.removeAdopted(thread(id))
    #expect(isAdopted && isKnown && !isStillKnown)
    #expect(table.unannounced.isEmpty)
  }

  @Test func `a tracee is adopted only while it is held, and only once`() {
    var table = TraceeTable()
    let isAdopted = table.adopt(thread(8))
    table.hold(thread(8), held(7))
    let isAnnounced = table.removeUnannounced(thread(8)) != nil
    let isAdoptedLater = table.adopt(thread(8))
    let isKnown = table.removeAdopted(thread(8))
    #expect(!isAdopted && isAnnounced && !isAdoptedLater && !isKnown)
  }

  @Test func `an id that is used again isn't the adopted tracee any more`() {
    var table = TraceeTable()
    table.hold(thread(8), held(8))
    let isAdopted = table.adopt(thread(8))
    table.hold(thread(8), held(7))
    let isKnown = table.removeAdopted(thread(8))
    #expect(isAdopted && !isKnown)
  }

  @Test func `the end of an unannounced tracee is kept: a process's with it, others' by the id`() {
    var table = TraceeTable()
    table.hold(thread(8), held(8))
    table.noteEnd(of: thread(8), .killed(signal: 9))
    #expect(table.unannounced[thread(8)]?.end == .killed(signal: 9))
    // A thread's parent event won't come.
    table.hold(thread(9), held(8))
    table.noteEnd(of: thread(9), .killed(signal: 9))
    #expect(table.unannounced[thread(9)] == nil)
    table.noteEnd(of: thread(10), .exited(status: 3))
    #expect(table.removeEarlyEnd(of: thread(10)) == .exited(status: 3))
    #expect(table.removeEarlyEnd(of: thread(10)) == nil)
  }

  @Test func `all facts of a thread go with it`() throws {
    var table = TraceeTable()
    let process = table.addProcess(Self.process, image: nil)
    table.addThread(thread(8), to: process)
    table.addThread(thread(9), to: process)
    #expect(!process.hasOneThread)
    try #require(table.thread(thread(8))).isInGroupStop = true

    let other = try #require(table.thread(thread(9)))
    table.removeThread(other)
    #expect(table.thread(thread(9)) == nil)
    #expect(process.threads == [thread(7), thread(8)])

    // The kernel uses the id again.
    let removed = table.removeProcess(Self.process)
    #expect(Set(removed.map(\.id)) == [thread(7), thread(8)])
    #expect(table.isEmpty && table.threads.isEmpty)
    let next = table.addProcess(ProcessID(rawValue: 8), image: nil)
    #expect(table.thread(thread(8))?.isInGroupStop == false)
    #expect(table.thread(thread(8))?.process === next)
  }

  @Test func `after an exec a process has its first thread alone, whichever thread made it`() {
    var table = TraceeTable()
    let process = table.addProcess(Self.process, image: nil)
    table.addThread(thread(8), to: process)
    table.addThread(thread(9), to: process)
    let gone = table.keepOnlyFirstThread(of: process)
    #expect(Set(gone.map(\.id)) == [thread(8), thread(9)])
    #expect(table.threads.keys.sorted() == [thread(7)])
    #expect(process.threads == [thread(7)])
    #expect(process.hasOneThread)
  }

  @Test func `the next adoption is that of a process, or of a known process's thread`() {
    var table = TraceeTable()
    #expect(table.adoptionDeadline == nil)
    var early = held(6)
    early.adoptionDeadline = Instant(nanoseconds: 1)
    table.hold(thread(20), early)
    #expect(table.adoptionDeadline == nil)
    var late = held(21)
    late.adoptionDeadline = Instant(nanoseconds: 5)
    table.hold(thread(21), late)
    #expect(table.adoptionDeadline == Instant(nanoseconds: 5))
    table.addProcess(ProcessID(rawValue: 6), image: nil)
    #expect(table.adoptionDeadline == Instant(nanoseconds: 1))
  }
}
