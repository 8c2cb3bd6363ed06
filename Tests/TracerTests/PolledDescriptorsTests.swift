import Glibc
import LinuxProcess
import Testing

@testable import Tracer

/// Pipes stand for the descriptors: one with a byte in it is ready, one without a writer has ended.
struct PolledDescriptorsTests {
  private struct Pipe {
    let reading: Int32
    let writing: Int32

    init() throws {
      var ends: [Int32] = [-1, -1]
      try #require(Glibc.pipe(&ends) == 0)
      (reading, writing) = (ends[0], ends[1])
    }

    func write() throws { try #require(Glibc.write(writing, "x", 1) == 1) }
  }

  @Test(arguments: 0..<4)
  func `each descriptor is ready by itself`(position: Int) throws {
    let pipes = [try Pipe(), try Pipe(), try Pipe(), try Pipe()]
    var descriptors = PolledDescriptors(
      stops: pipes[0].reading, front: pipes[1].reading, starterFiles: pipes[2].reading)
    descriptors.add(NotificationListener(OwnedDescriptor(pipes[3].reading)))
    let none = try descriptors.wait(0)
    #expect(!none.stops && !none.front && !none.starterFiles && !none.notifications)
    try pipes[position].write()
    let ready = try descriptors.wait(-1)
    #expect(
      [ready.stops, ready.front, ready.starterFiles, ready.notifications]
        == (0..<4).map { $0 == position })
    #expect((descriptors.readyListener(0) != nil) == (position == 3))
    pipes.forEach { close($0.writing) }
    pipes.prefix(3).forEach { close($0.reading) }
  }

  @Test func `the listener of a filter that has ended is dropped, and the others stay`() throws {
    let pipes = [try Pipe(), try Pipe(), try Pipe()]
    var descriptors = PolledDescriptors(stops: -1, front: -1, starterFiles: -1)
    for pipe in pipes { descriptors.add(NotificationListener(OwnedDescriptor(pipe.reading))) }
    close(pipes[1].writing)
    try pipes[2].write()
    let ready = try descriptors.wait(-1)
    #expect(ready.notifications)
    #expect((0..<3).map { descriptors.readyListener($0) != nil } == [false, false, true])
    descriptors.dropEndedListeners()
    #expect(descriptors.listenerCount == 2)
    let readyLater = try descriptors.wait(-1)
    #expect(readyLater.notifications)
    #expect((0..<2).map { descriptors.readyListener($0) != nil } == [false, true])
    close(pipes[0].writing)
    close(pipes[2].writing)
  }

  @Test func `after the run only stops and notifications are waited for`() throws {
    let pipes = [try Pipe(), try Pipe(), try Pipe()]
    var descriptors = PolledDescriptors(
      stops: pipes[0].reading, front: pipes[1].reading, starterFiles: pipes[2].reading)
    descriptors.dropAllButStops()
    for pipe in pipes { try pipe.write() }
    let ready = try descriptors.wait(-1)
    #expect(ready.stops && !ready.front && !ready.starterFiles && !ready.notifications)
    pipes.forEach {
      close($0.reading)
      close($0.writing)
    }
  }
}
