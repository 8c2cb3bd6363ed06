internal import Bytes
internal import CSpawnTrace
internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// What a call asks for at a path.
struct FileRequest {
  enum Purpose: Equatable {
    /// To open a file that is there, to read it.
    case read(closesOnExec: Bool)
    /// To open a file in a way that may change it, or to create it.
    case write
    case makeFolder
    /// To get a descriptor that reads no file: O_PATH, O_DIRECTORY.
    case other
  }

  var path: String
  /// The descriptor of the folder that a relative path begins at; nil for the working directory.
  var directory: Int32?
  var purpose: Purpose
  /// RESOLVE_ flags of openat2(2).
  var resolution: UInt64 = 0
  /// Whether a link at the path's end is followed.
  var followsLink = true
}

extension FileRequest {
  /// Reads what a thread asks for that waits at this call; nil for other calls, and if its memory
  /// can't be read.
  init?(_ call: SystemCall, by thread: ThreadID, _ strings: StringArgumentReader) {
    var flags: UInt64?
    var resolution: UInt64 = 0
    let pathIndex: Int
    switch Int32(truncatingIfNeeded: call.number) {
    case SYS_openat: (pathIndex, flags) = (1, call[2])
    case CallNumber.open: (pathIndex, flags) = (0, call[1])
    case CallNumber.creat: (pathIndex, flags) = (0, UInt64(O_CREAT | O_WRONLY | O_TRUNC))
    case CallNumber.openat2:
      pathIndex = 1
      guard let how = Self.how(call, by: thread, strings) else { return nil }
      (flags, resolution) = (how.flags, how.resolution)
    case CallNumber.mkdir: pathIndex = 0
    case SYS_mkdirat: pathIndex = 1
    default: return nil
    }
    guard let path = strings.bytes(at: call[pathIndex], of: thread), !path.isEmpty else {
      return nil
    }
    self.init(
      path: String(exactly: path),
      directory: pathIndex == 0 ? nil : Int32(truncatingIfNeeded: call[0]),
      purpose: flags.map(Self.purpose) ?? .makeFolder, resolution: resolution,
      followsLink: (flags ?? 0) & UInt64(O_NOFOLLOW) == 0)
  }

  private static func how(
    _ call: SystemCall, by thread: ThreadID, _ strings: StringArgumentReader
  ) -> spawntrace_open_how? {
    let size = MemoryLayout<spawntrace_open_how>.size
    guard call[3] >= size else { return nil }
    return strings.bytes(at: call[2], count: size, of: thread)?
      .loadUnaligned(as: spawntrace_open_how.self)
  }

  private static func purpose(_ flags: UInt64) -> Purpose {
    let flags = Int32(truncatingIfNeeded: flags)
    if flags & (spawntrace_path_only | O_DIRECTORY) != 0 { return .other }
    if flags & O_ACCMODE != O_RDONLY || flags & (O_CREAT | O_TRUNC) != 0 { return .write }
    return .read(closesOnExec: flags & O_CLOEXEC != 0)
  }
}
