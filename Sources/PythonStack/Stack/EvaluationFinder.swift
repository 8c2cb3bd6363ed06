import ELFImage
import TraceModel

/// Finds, while the frames of a stack are passed, where calls of the interpreter's native function
/// begin.
struct EvaluationFinder {
  private enum Way {
    /// Up to 3.10: each frame is one call.
    case frames
    /// 3.11: each call has a `_PyCFrame`, in a list as `tstate->cframe`, that points to the innermost
    /// of its frames. `boundary` is that of the next call; 0 where there is none.
    case links(link: UInt64, boundary: UInt64)
    /// Since 3.12: each call has a frame of its own under those that it executes.
    case shims
  }

  /// Innermost first.
  private(set) var evaluations: [PythonEvaluation] = []
  private var way: Way
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
      way = .shims
    } else if let link = top.link {
      way = .frames
      way = .links(link: link, boundary: boundary(behind: link, &memory).frame)
    } else {
      way = .frames
    }
  }

  /// Comes to a frame when there are `frameCount` within it.
  mutating func arrive(
    at address: UInt64, _ frame: FrameReader.Frame, frameCount: Int,
    memory: inout some MemoryReader
  ) {
    switch way {
    case .frames:
      add(end: frameCount, marker: nil)
    case .shims:
      if frame.isShim { add(end: frameCount, marker: address) }
    case .links(let link, let boundary) where address == boundary:
      add(end: frameCount, marker: link)
      let next = self.boundary(behind: link, &memory)
      way = .links(
        link: next.link, boundary: self.boundary(behind: next.link, &memory).frame)
    case .links:
      break
    }
  }

  /// Comes to the end: of the whole stack, or where it is cut.
  mutating func end(frameCount: Int, isWhole: Bool) {
    // A circle's frames are taken back.
    evaluations.removeAll { $0.end > frameCount }
    switch way {
    case .frames: add(end: frameCount, marker: nil)
    case .links(let link, _) where isWhole: add(end: frameCount, marker: link)
    case .links, .shims: break
    }
  }

  /// Notes an evaluation, unless no frame of the program's is in it.
  private mutating func add(end: Int, marker: UInt64?) {
    guard end > evaluations.last?.end ?? 0 else { return }
    evaluations.append(PythonEvaluation(end: end, marker: marker))
  }

  /// The `_PyCFrame` before `link`, and its innermost frame (CPython 3.11, Include/cpython/pystate.h:
  /// `current_frame`, and `previous` behind it).
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
