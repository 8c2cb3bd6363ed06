package import TraceModel

/// The last stacks that were examined for the start of a worker: a recording has each stack once,
/// and thousands of events name it.
package struct StartAttemptCache: Sendable {
  /// The start attempts that a stack shows.
  package struct Known: Sendable {
    fileprivate let frames: [PythonFrame]
    fileprivate let path: String?
    fileprivate let directory: String
    package let attempt: StartAttempt?
    /// The start that opens `path`, if one does.
    package let opening: StartAttempt?
    /// The frames with absolute paths, if there is a start that runs the main module again; else
    /// empty.
    package let absolute: [PythonFrame]
  }

  private var known: [Known] = []
  private static let limit = 8

  package init() {}

  /// Returns what a stack shows; it was read when `path` was opened, or at another event.
  package mutating func examine(
    _ frames: [PythonFrame], opening path: String?, in directory: String
  ) -> Known {
    let address = frames.withUnsafeBufferPointer { $0.baseAddress }
    // The frames are kept here, so no other array can be at their address.
    let hit = known.first { other in
      other.frames.count == frames.count
        && other.frames.withUnsafeBufferPointer { $0.baseAddress } == address
        && other.path == path && other.directory == directory
    }
    if let hit { return hit }
    let opening = path.flatMap { StartAttempt(frames, opening: $0) }
    let attempt = opening ?? StartAttempt(frames)
    let new = Known(
      frames: frames, path: path, directory: directory, attempt: attempt, opening: opening,
      absolute: attempt?.reexecution == nil ? [] : frames.absolute(in: directory))
    if known.count == Self.limit { known.removeFirst() }
    known.append(new)
    return new
  }
}
