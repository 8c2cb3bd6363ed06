import TraceModel

/// The way from frame to frame, which ends in any memory.
struct FrameChain {
  /// The frame to be read now; nil after the outermost.
  private(set) var next: UInt64?
  private let limit: Int
  private var visited: [(address: UInt64, frameCount: Int)] = []
  /// A frame that was passed, renewed after each power of two frames (Brent's algorithm): whoever
  /// comes back to it goes in a circle.
  private var mark: UInt64 = 0
  private var nextMark = 1

  init(from top: UInt64, limit: Int) {
    self.next = top
    self.limit = limit
    visited.reserveCapacity(64)
  }

  /// Goes to the frame at `previous`, 0 for none. `frames` is what the frames so far have led to; of
  /// a circle each is left in it once.
  ///
  /// Returns why the way ends too early.
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
