package import TraceModel

extension MixedStack {
  /// Puts the Python frames where the interpreter's native function is that executes them.
  ///
  /// Since 3.11 that is the native frame among whose local variables an evaluation's marker is; up to
  /// 3.10 each Python frame has a native frame of its own, which is told by its function's name. Where
  /// one of them isn't found, or they don't fit, the stacks stay apart.
  ///
  /// - Parameters:
  ///   - evaluations: Which frames of `python` one native call executes, innermost first.
  package static func merge(
    native: NativeStackReading, python: PythonCallStack, evaluations: [PythonEvaluation]
  ) -> MixedStack {
    do throws(MergeProblem) {
      let starts = try places(native, python, evaluations)
      var result: [MixedFrame] = []
      result.reserveCapacity(native.frames.count + python.frames.count)
      var next = 0
      var done = 0
      for (index, raw) in native.frames.enumerated() {
        guard next < starts.count, starts[next] == index else {
          result.append(.native(raw.frame))
          continue
        }
        while done < evaluations[next].end {
          result.append(.python(python.frames[done]))
          done += 1
        }
        next += 1
      }
      return .merged(result, cut: native.cut?.description ?? python.cut)
    } catch {
      return .separate(
        native: native.frames.map(\.frame), python: python.frames, reason: error.reason)
    }
  }

  private struct MergeProblem: Error {
    var reason: String
  }

  /// For each evaluation, the number of the native frame that it is; ascending.
  private static func places(
    _ native: NativeStackReading, _ python: PythonCallStack, _ evaluations: [PythonEvaluation]
  ) throws(MergeProblem) -> [Int] {
    guard !python.frames.isEmpty else { return [] }
    var end = 0
    for evaluation in evaluations {
      guard evaluation.end > end, evaluation.end <= python.frames.count else {
        throw MergeProblem(reason: "Python's frames contradict each other")
      }
      end = evaluation.end
    }
    guard end == python.frames.count else {
      throw MergeProblem(reason: "the beginning of Python's outermost frames isn't known")
    }
    if evaluations.allSatisfy({ $0.marker == nil }) {
      return try placesByName(native, python, evaluations)
    }
    return try placesByMarker(native, evaluations)
  }

  private static func placesByMarker(
    _ native: NativeStackReading, _ evaluations: [PythonEvaluation]
  ) throws(MergeProblem) -> [Int] {
    var result: [Int] = []
    var index = 0
    for evaluation in evaluations {
      guard let marker = evaluation.marker else {
        throw MergeProblem(reason: "Python's frames contradict each other")
      }
      // The outermost frame has no known end.
      while index + 1 < native.frames.count,
        !native.frames[index].contains(marker, before: native.frames[index + 1])
      {
        index += 1
      }
      guard index + 1 < native.frames.count else {
        throw MergeProblem(
          reason: native.cut.map { "the native stack is cut: \($0)" }
            ?? "a Python frame is in none of the native frames")
      }
      result.append(index)
      // Two evaluations are two native calls.
      index += 1
    }
    return result
  }

  private static func placesByName(
    _ native: NativeStackReading, _ python: PythonCallStack, _ evaluations: [PythonEvaluation]
  ) throws(MergeProblem) -> [Int] {
    // `PyEval_EvalFrameEx` is what 2.7 has, and since 3.6 only calls the other one.
    var found: [Int] = []
    for name in ["_PyEval_EvalFrameDefault", "PyEval_EvalFrameEx"] where found.isEmpty {
      found = native.frames.indices.filter { native.frames[$0].frame.isFunction(name) }
    }
    let isEnough =
      python.cut == nil ? found.count == evaluations.count : found.count >= evaluations.count
    guard isEnough else {
      throw MergeProblem(
        reason: native.cut.map { "the native stack is cut: \($0)" }
          ?? "\(evaluations.count) Python frames and \(found.count) native ones that execute them")
    }
    return Array(found.prefix(evaluations.count))
  }
}

extension RawNativeFrame {
  /// Whether an address is among the frame's local variables. On an alternate signal stack the outer
  /// frame may be anywhere, and then nothing is known.
  fileprivate func contains(_ address: UInt64, before outer: RawNativeFrame) -> Bool {
    stackPointer <= address && address < outer.stackPointer
  }
}

extension NativeFrame {
  /// Whether it is that function, or one of the pieces that GCC makes of it
  /// (`_PyEval_EvalFrameDefault.cold`).
  fileprivate func isFunction(_ name: String) -> Bool {
    guard let symbol else { return false }
    guard symbol.utf8.starts(with: name.utf8) else { return false }
    let rest = symbol.utf8.dropFirst(name.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: ".")
  }
}
