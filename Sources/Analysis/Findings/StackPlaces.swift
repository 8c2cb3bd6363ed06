internal import Multiprocessing
internal import TraceModel

/// The places of a stack that a report names.
struct StackPlaces {
  /// All frames, innermost first, paths absolute.
  let frames: [PythonFrame]
  /// The frames of the user's code.
  let users: [PythonFrame]

  init(_ reading: StackReading?, in directory: String) {
    if case .read(let stack) = reading {
      frames = stack.frames.absolute(in: directory)
    } else {
      frames = []
    }
    users = frames.users
  }

  /// The innermost statement of a module, or else the innermost frame.
  var culprit: SourceLocation? {
    (users.first(where: \.isModule) ?? users.first).map { SourceLocation($0) }
  }

  var callSite: SourceLocation? { users.first.map { SourceLocation($0) } }
}
