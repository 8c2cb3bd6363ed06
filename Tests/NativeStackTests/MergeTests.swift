import Testing
import TraceModel

@testable import NativeStack

/// The merging of stacks that are made by hand.
struct MergeTests {
  /// A stack with frames of 0x100 bytes each, from the address 0x1000 on.
  private func native(_ symbols: [String?], cut: NativeStackCut? = nil) -> NativeStackReading {
    NativeStackReading(
      frames: symbols.enumerated().map { index, symbol in
        RawNativeFrame(
          instructionPointer: 0x40_0000, stackPointer: 0x1000 + UInt64(index) * 0x100,
          frame: NativeFrame(symbol: symbol, offset: 1, image: "/bin/python"))
      }, cut: cut)
  }

  private func python(_ functions: [String], cut: String? = nil) -> PythonCallStack {
    PythonCallStack(
      version: PythonVersion(major: 3, minor: 12),
      frames: functions.map { PythonFrame(path: "a.py", line: 1, function: $0) }, cut: cut)
  }

  /// One evaluation for each frame, without markers.
  private func each(_ stack: PythonCallStack) -> [PythonEvaluation] {
    stack.frames.indices.map { PythonEvaluation(end: $0 + 1, marker: nil) }
  }

  @Test func `frames go to the frame with their marker`() {
    let native = native(["kill", nil, "sort", "eval", "main", "_start"])
    let python = python(["key", "helper", "module"])
    let mixed = MixedStack.merge(
      native: native, python: python,
      evaluations: [
        PythonEvaluation(end: 2, marker: 0x11f8), PythonEvaluation(end: 3, marker: 0x1300),
      ])
    #expect(mixed.outline == ["kill", "(key)", "(helper)", "sort", "(module)", "main", "_start"])
  }

  @Test(arguments: [0x1100, 0x11ff] as [UInt64])
  func `markers at the edges belong to the frame`(marker: UInt64) {
    let mixed = MixedStack.merge(
      native: native(["kill", "eval", "main"]), python: python(["f"]),
      evaluations: [PythonEvaluation(end: 1, marker: marker)])
    #expect(mixed.outline == ["kill", "(f)", "main"])
  }

  /// The markers are in no frame, beyond the outermost one (its end isn't known), in the wrong
  /// order, or both in one frame.
  @Test(
    arguments: [[0x0fff], [0x1200], [0x1300], [0x1180, 0x1080], [0x1100, 0x1108]] as [[UInt64]])
  func `markers that fit no frame keep the stacks apart`(markers: [UInt64]) {
    let stack = python(markers.map { String($0) })
    let mixed = MixedStack.merge(
      native: native(["kill", "eval", "main"]), python: stack,
      evaluations: markers.enumerated().map { PythonEvaluation(end: $0 + 1, marker: $1) })
    #expect(
      mixed
        == .separate(
          native: native(["kill", "eval", "main"]).frames.map(\.frame), python: stack.frames,
          reason: "a Python frame is in none of the native frames"))
  }

  @Test(arguments: ["_PyEval_EvalFrameDefault", "_PyEval_EvalFrameDefault.cold"])
  func `older frames go by name`(name: String) {
    let python = python(["f", "g"])
    let mixed = MixedStack.merge(
      native: native([
        "fork", name, "PyEval_EvalFrameEx", "call", "_PyEval_EvalFrameDefault",
        "PyEval_EvalFrameEx", "main",
      ]), python: python, evaluations: each(python))
    #expect(
      mixed.outline
        == ["fork", "(f)", "PyEval_EvalFrameEx", "call", "(g)", "PyEval_EvalFrameEx", "main"])
  }

  @Test func `oldest frames go by their own name`() {
    let python = python(["f", "g"])
    let mixed = MixedStack.merge(
      native: native(["fork", "PyEval_EvalFrameEx", "PyEval_EvalFrameEx", "main"]),
      python: python, evaluations: each(python))
    #expect(mixed.outline == ["fork", "(f)", "(g)", "main"])
  }

  @Test(arguments: [
    ["fork", "_PyEval_EvalFrameDefault", "main"],
    ["fork", nil, nil, "main"],
    ["_PyEval_EvalFrameDefault", "_PyEval_EvalFrameDefault", "_PyEval_EvalFrameDefault"],
    ["_PyEval_EvalFrameDefaulted", "_PyEval_EvalFrameDefault", "main"], [],
  ])
  func `numbers that differ keep the stacks apart`(symbols: [String?]) {
    let python = python(["f", "g"])
    let mixed = MixedStack.merge(
      native: native(symbols), python: python, evaluations: each(python))
    #expect(mixed.outline == nil)
  }

  @Test func `cut Python stack leaves outer native frames`() {
    let python = python(["f"], cut: "frame 2 can't be read")
    let mixed = MixedStack.merge(
      native: native(["_PyEval_EvalFrameDefault", "call", "_PyEval_EvalFrameDefault", "main"]),
      python: python, evaluations: each(python))
    #expect(mixed.outline == ["(f)", "call", "_PyEval_EvalFrameDefault", "main"])
    guard case .merged(_, cut: let cut) = mixed else {
      Issue.record("\(mixed)")
      return
    }
    #expect(cut == "frame 2 can't be read")
  }

  @Test func `cut native stack is the reason`() {
    let mixed = MixedStack.merge(
      native: native(["kill"], cut: .noUnwindTable(image: "/lib/ld-musl.so")),
      python: python(["f"]), evaluations: [PythonEvaluation(end: 1, marker: 0x5000)])
    guard case .separate(_, _, let reason) = mixed else {
      Issue.record("\(mixed)")
      return
    }
    #expect(
      reason == "the native stack is cut: /lib/ld-musl.so has no unwind table for its code there")
  }

  @Test func `evaluations that contradict the frames are refused`() {
    for ends in [[], [1], [1, 1], [2, 1], [1, 3], [0, 2]] {
      let mixed = MixedStack.merge(
        native: native(["kill", "eval", "call", "eval", "main"]), python: python(["f", "g"]),
        evaluations: ends.enumerated().map {
          PythonEvaluation(end: $1, marker: 0x1100 + UInt64($0) * 0x200)
        })
      #expect(mixed.outline == nil, "\(ends)")
    }
  }

  @Test func `program without Python is its native stack`() {
    let native = native(["fork", "main", "_start"])
    #expect(
      MixedStack.merge(native: native, python: python([]), evaluations: [])
        == .merged(native.frames.map { .native($0.frame) }, cut: nil))
  }
}
