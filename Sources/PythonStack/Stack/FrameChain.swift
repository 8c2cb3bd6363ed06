import TraceModel

/// The way from frame to frame, which ends whatever memory contains.
struct FrameChain {
  /// The address of the frame to be read next; nil after the outermost one.
  private(set) var next: UInt64?
  private let limit: Int
  private var visited: [(address: UInt64, frameCount: Int)] = []
  /// The address of a frame that was passed, renewed after each power of two frames (Brent's
  /// algorithm). A chain that comes back to it is a circle.
  private var mark: UInt64 = 0
  private var nextMark = 1

  init(from top: UInt64, limit: Int) {
    self.next = top
    self.limit = limit
    visited.reserveCapacity(64)
  }

  /// Goes on to the frame at `previous`, 0 for none. `frames` are the descriptions of the frames so
  /// far; if the chain is a circle, each frame of it is left in the list once.
  ///
  /// Returns the reason if the chain ends too early.
  mutating func advance(to previous: UInt64, frames: inout [PythonFrame]) -> String? {
    guard let current = next else { return nil }
    visited.append((current, frames.count))
    next = previous == 0 ? nil : previous
    if visited.count == nextMark {
      mark = current
      nextMark *= 2
    }
    guard previous != 0 else { return nil }
    if previous == mark {
      var seen: Set<UInt64> = []
      if let first = visited.firstIndex(where: { !seen.insert($0.address).inserted }), first > 0 {
        frames.removeLast(frames.count - visited[first - 1].frameCount)
      }
      return "the chain of frames is a circle"
    }
    return visited.count >= limit ? "more than \(limit) frames" : nil
  }
}
