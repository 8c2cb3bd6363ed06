// Fuzzes the reader of Python's stacks with hostile memory: a process of any version, made by
// FakeProcess, which the input then damages. Nothing may trap, run without end or use much memory.
import ELFImage
import TraceModel

@testable import PythonStack

/// The function that libFuzzer calls for each input.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var decisions = Decisions(Array(UnsafeBufferPointer(start: start, count: count)))
  if decisions.byte() == 0xff {
    readLineTable(&decisions)
  } else {
    readProcess(&decisions)
  }
  return 0
}

private func readLineTable(_ decisions: inout Decisions) {
  let format = decisions.element([
    LineTable.Format.locations, .ranges, .deltas(isSigned: true), .deltas(isSigned: false),
  ])
  let first = Int(Int32(truncatingIfNeeded: decisions.word()))
  let offset = decisions.flag() ? Int64(bitPattern: decisions.word()) : Int64(decisions.byte())
  let table = LineTable(format: format, firstLine: first, bytes: decisions.remainder())
  if let line = table.line(at: offset) { precondition(line > 0) }
}

private func readProcess(_ decisions: inout Decisions) {
  var scene = Scene(&decisions)
  scene.memory.readLimit = 10_000
  guard let interpreter = scene.interpreter(&decisions) else { return }
  let offsets = interpreter.offsets
  scene.memory.readLimit = 200_000
  var reader = StackReader()
  let keys = [
    ThreadKey.threadPointer(FakeProcess.pthread),
    .threadID(FakeProcess.threadID, isOnlyThread: false),
    .threadID(scene.otherNumber, isOnlyThread: true),
    .threadPointer(FakeProcess.pthread),
  ]
  // One reading is enough for a list that hardly ends.
  let isLong = scene.memory.ladders.contains { $0.count > 1000 }
  for key in keys.prefix(isLong ? 1 : keys.count) {
    scene.memory.readCount = 0
    let (reading, evaluations) = reader.readWithEvaluations(
      key, in: interpreter, memory: &scene.memory)
    var end = 0
    if case .read(let stack) = reading {
      precondition(stack.frames.count <= 20_000)
      for frame in stack.frames {
        precondition(frame.line ?? 1 > 0)
        precondition(frame.path.utf8.count <= 4 * 65_536)
      }
      for evaluation in evaluations {
        precondition(evaluation.end > end && evaluation.end <= stack.frames.count)
        end = evaluation.end
      }
    } else {
      precondition(evaluations.isEmpty)
    }
  }
  guard !isLong else { return }
  scene.memory.readCount = 0
  reader = StackReader()
  _ = reader.read(scene.key, in: interpreter, memory: &scene.memory)
  scene.memory.readCount = 0
  for address in scene.objects {
    _ = offsets.text(at: address, in: &scene.memory)
    _ = offsets.moduleName(globals: address, in: &scene.memory)
    _ = offsets.lineTable(at: address, in: &scene.memory)
  }
}
