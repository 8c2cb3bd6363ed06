import Foundation
import LinuxProcess
import TestSupport
import Testing
import TraceModel

@testable import PythonStack
@testable import Tracer

/// The trial of unknown interpreters, run on known ones: with their own layout and with others.
struct OffsetTrialLiveTests {
  private static let describing =
    Interpreters.all.filter { $0.isAtLeast(13) } + Interpreters.freeThreaded

  @Test(arguments: describing)
  func `only the right layout passes`(python: Interpreters.Interpreter) throws {
    let folder = try ScratchFolder()
    let path = try folder.write(
      "main.py", "import os, signal\nos.kill(os.getpid(), signal.SIGUSR1)\n")
    let program = LivePython()
    var passed: [Int] = []
    var version: Int?
    try LiveTrace.run([python.path, "-S", path]) { stop in
      program.follow(stop)
      guard stop.kind == .signal(SIGUSR1), let interpreter = program.interpreter(stop),
        case .interpreters(let head) = interpreter.root
      else { return .resume }
      version = interpreter.version.minor
      let memory = PagedMemory()
      memory.begin(stop.thread)
      var reader = memory
      let runtime = head - UInt64(interpreter.offsets.runtimeInterpreters ?? 0)
      guard case .present(let offsets) = DebugOffsets.read(at: runtime, in: &reader) else {
        return .end
      }
      passed = (13...DebugOffsetsLayout.newestMinor).filter {
        offsets.tried(as: $0, runtime: runtime, in: &reader) != nil
      }
      return .end
    }
    #expect(passed == [try #require(version)])
  }
}
