import ELFImage
import TraceModel

/// Finds the frames at which calls of the interpreter's native function begin, while the frames of
/// a stack are walked.
struct EvaluationFinder {
  /// The way to recognize a call, which depends on the version.
  private enum Method {
    /// Up to 3.10: each frame is one call.
    case frames
    /// 3.11: each call has a `_PyCFrame` in the list that begins at `tstate->cframe`. It points to
    /// the innermost frame of the call. `boundary` is the innermost frame of the next outer call; 0
    /// if there is none.
    case links(link: UInt64, boundary: UInt64)
    /// Since 3.12: each call has a frame of its own below those that it executes.
    case shims
  }

  /// The calls, innermost first.
  private(set) var evaluations: [PythonEvaluation] = []
  private var method: Method
  private let frameOffset: Int

  init(
    from top: ThreadSearch.InnermostFrame, in interpreter: PythonInterpreter,
    memory: inout some MemoryReader
  ) {
    frameOffset =
      switch interpreter.offsets.thread.topFrame {
      case .direct: 0
      case .throughCFrame(_, let frame): frame
      }
    if interpreter.offsets.frame.owner != nil {
      method = .shims
    } else if let link = top.link {
      method = .frames
      method = .links(link: link, boundary: boundary(behind: link, &memory).frame)
    } else {
      method = .frames
    }
  }

  /// Notes a frame that the walk has reached, with `frameCount` frames further in.
  mutating func arrive(
    at address: UInt64, _ frame: FrameReader.Frame, frameCount: Int,
    memory: inout some MemoryReader
  ) {
    switch method {
    case .frames:
      add(end: frameCount, marker: nil)
    case .shims:
      if frame.isShim { add(end: frameCount, marker: address) }
    case .links(let link, let boundary) where address == boundary:
      add(end: frameCount, marker: link)
      let next = self.boundary(behind: link, &memory)
      method = .links(
        link: next.link, boundary: self.boundary(behind: next.link, &memory).frame)
    case .links:
      break
    }
  }

  /// Notes the end of the walk: `isWhole` is false if the stack is cut there.
  mutating func end(frameCount: Int, isWhole: Bool) {
    // The frames of a circle have been removed.
    evaluations.removeAll { $0.end > frameCount }
    switch method {
    case .frames: add(end: frameCount, marker: nil)
    case .links(let link, _) where isWhole: add(end: frameCount, marker: link)
    case .links, .shims: break
    }
  }

  /// Adds an evaluation, unless it contains no frame of the program.
  private mutating func add(end: Int, marker: UInt64?) {
    guard end > evaluations.last?.end ?? 0 else { return }
    evaluations.append(PythonEvaluation(end: end, marker: marker))
  }

  /// The next outer `_PyCFrame` after `link`, and its innermost frame (CPython 3.11,
  /// Include/cpython/pystate.h: `current_frame`, and `previous` behind it).
  private func boundary(
    behind link: UInt64, _ memory: inout some MemoryReader
  ) -> (link: UInt64, frame: UInt64) {
    guard
      let previous: UInt64 = memory.integer(at: link &+ UInt64(frameOffset) &+ 8), previous != 0,
      let frame: UInt64 = memory.integer(at: previous &+ UInt64(frameOffset))
    else { return (0, 0) }
    return (previous, frame)
  }
}
