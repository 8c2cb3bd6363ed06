import Testing
import TraceModel

@testable import PythonStack

struct ThreadSearchTests {
  private static let other: UInt64 = 0x14_0000
  private static let otherPthread: UInt64 = 0x15_0000

  /// A process with two threads, one in the function `first` and one in `second`.
  private func process(
    _ build: MeasuredBuild, numbers: (Int32, Int32) = (100, 101), native: (UInt64, UInt64) = (0, 0),
    areRunning: (Bool, Bool) = (true, true)
  ) -> FakeProcess {
    var process = FakeProcess(build)
    var frames: [UInt64] = []
    for (name, isRunning) in [("first", areRunning.0), ("second", areRunning.1)] {
      let code = process.addCode(path: "a.py", function: name, firstLine: 1)
      frames.append(isRunning ? process.addFrame(code: code, previous: 0) : 0)
    }
    process.addThread(
      at: FakeProcess.thread, pthread: FakeProcess.pthread, number: numbers.0, frame: frames[0],
      next: Self.other, native: native.0)
    process.addThread(
      at: Self.other, pthread: Self.otherPthread, number: numbers.1, frame: frames[1],
      native: native.1)
    return process
  }

  @Test(arguments: MeasuredBuild.all)
  func `thread is found by its pointer`(build: MeasuredBuild) {
    var process = process(build)
    #expect(process.read(.threadPointer(FakeProcess.pthread)).functions == ["first"])
    #expect(process.read(.threadPointer(Self.otherPthread)).functions == ["second"])
  }

  @Test(arguments: MeasuredBuild.all)
  func `thread is found by its number`(build: MeasuredBuild) {
    var process = process(build, native: (101, 100))
    #expect(process.read(.threadID(100, isOnlyThread: false)).functions == ["first"])
    #expect(process.read(.threadID(101, isOnlyThread: false)).functions == ["second"])
    // A thread that isn't Python's.
    #expect(
      process.read(.threadID(102, isOnlyThread: false))
        == .read(PythonCallStack(version: build.version, frames: [])))
  }

  @Test(arguments: MeasuredBuild.all)
  func `native number counts if the other is unknown`(build: MeasuredBuild) {
    var process = process(build, numbers: (0, 0), native: (100, 101))
    let reading = process.read(.threadID(101, isOnlyThread: false))
    if build.offsets.thread.nativeIdentifier != nil {
      #expect(reading.functions == ["second"])
    } else {
      #expect(
        reading == .unreadable("thread 101 can't be distinguished from Python's other threads"))
    }
  }

  /// A child of vfork has its parent's memory, which doesn't contain the child's own number.
  @Test(arguments: MeasuredBuild.all)
  func `only thread with frames is the only thread`(build: MeasuredBuild) {
    var process = process(build, areRunning: (false, true))
    #expect(process.read(.threadID(999, isOnlyThread: true)).functions == ["second"])
    process = self.process(build)
    #expect(
      process.read(.threadID(999, isOnlyThread: true))
        == .unreadable("the process has one thread, but 2 of Python's have frames"))
  }

  @Test(arguments: MeasuredBuild.all)
  func `circle of threads ends`(build: MeasuredBuild) {
    var process = process(build)
    process.memory.poke(
      FakeProcess.thread, at: Self.other + UInt64(build.offsets.thread.next))
    #expect(
      process.read(.threadPointer(1))
        == .unreadable("Python has more than 8192 threads, or their list is broken"))
    #expect(process.read(.threadPointer(Self.otherPthread)).functions == ["second"])
  }

  @Test(arguments: MeasuredBuild.all)
  func `circle of interpreters ends`(build: MeasuredBuild) {
    var process = FakeProcess(build)
    process.memory.poke(
      FakeProcess.interpreterState,
      at: FakeProcess.interpreterState + UInt64(build.offsets.interpreter.next))
    #expect(
      process.read(.threadPointer(1)) == .unreadable("the list of Python's threads can't be read"))
  }

  @Test(arguments: MeasuredBuild.all)
  func `thread state with frames counts`(build: MeasuredBuild) {
    // One thread with a state in each of two interpreters, as with sub-interpreters.
    var process = process(build, areRunning: (false, true))
    process.memory.poke(
      FakeProcess.pthread, at: Self.other + UInt64(build.offsets.thread.identifier))
    #expect(process.read().functions == ["second"])
  }
}
