package import TraceModel

extension MixedStack {
  /// Replaces each frame of the interpreter's native function by the Python frames that it
  /// executes.
  ///
  /// Since 3.11, this is the native frame that has an evaluation's marker among its local
  /// variables. Up to 3.10 each Python frame has a native frame of its own, recognized by its
  /// function's name. If one of them isn't found, or they don't match, the stacks stay separate.
  ///
  /// - Parameters:
  ///   - evaluations: The frames of `python` that each native call executes, innermost first.
  package static func merge(
    native: NativeStackReading, python: PythonCallStack, evaluations: [PythonEvaluation]
  ) -> MixedStack {
    do throws(MergeProblem) {
      let starts = try indices(native, python, evaluations)
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

  /// The index of the native frame for each evaluation, ascending.
  private static func indices(
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
      return try indicesByName(native, python, evaluations)
    }
    return try indicesByMarker(native, evaluations)
  }

  private static func indicesByMarker(
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

  private static func indicesByName(
    _ native: NativeStackReading, _ python: PythonCallStack, _ evaluations: [PythonEvaluation]
  ) throws(MergeProblem) -> [Int] {
    // 2.7 has `PyEval_EvalFrameEx`. Since 3.6 that function only calls the other one.
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
  /// Whether an address is among the frame's local variables. If the frame is on an alternate
  /// signal stack, the outer frame may be anywhere, and the answer is unreliable.
  fileprivate func contains(_ address: UInt64, before outer: RawNativeFrame) -> Bool {
    stackPointer <= address && address < outer.stackPointer
  }
}

extension NativeFrame {
  /// Whether the frame is in the function of that name, or in one of the parts into which GCC
  /// splits a function (`_PyEval_EvalFrameDefault.cold`).
  fileprivate func isFunction(_ name: String) -> Bool {
    guard let symbol else { return false }
    guard symbol.utf8.starts(with: name.utf8) else { return false }
    let rest = symbol.utf8.dropFirst(name.utf8.count)
    return rest.isEmpty || rest.first == UInt8(ascii: ".")
  }
}
