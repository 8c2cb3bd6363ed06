import TestSupport
import Testing
import TraceModel

@testable import Analysis

/// Stacks and calls that couldn't be read are reported, once for each reason.
struct BlindSpotTests {
  private static let version = PythonVersion(major: 3, minor: 12)

  private func limitations(_ readings: [StackReading?]) -> [Limitation] {
    var forest = ProcessForest()
    var spots = BlindSpots()
    let process = ProcessID(rawValue: 7)
    func observe(_ kind: Event.Kind, stack: StackReading? = nil) {
      let event = Event(
        sequence: 1, time: .zero, process: process, thread: ThreadID(rawValue: 7), kind: kind,
        stack: stack)
      spots.observe(event, forest.apply(event))
    }
    observe(.started(Start(call: .launch, parent: nil)))
    for reading in readings {
      observe(
        .opened(FileOpen(path: "/m/popen_forkserver.py", identity: nil, meaning: .starter)),
        stack: reading)
    }
    return spots.limitations
  }

  @Test func `whole stacks, and opens that wanted none, aren't a gap`() {
    #expect(limitations([nil, .read(PythonCallStack(version: Self.version, frames: []))]).isEmpty)
  }

  @Test
  func `an unreadable stack and a cut one are each reported, with the processes counted once`() {
    let cut = PythonCallStack(version: Self.version, frames: [], cut: "frame 3 can't be read")
    #expect(
      limitations([.unreadable("no offsets"), .unreadable("no offsets"), .read(cut)]) == [
        .stacksUnreadable(processes: 1, reason: "frame 3 can't be read"),
        .stacksUnreadable(processes: 1, reason: "no offsets"),
      ])
  }
}
