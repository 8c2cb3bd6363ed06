internal import Bytes

/// What an opened path is worth: which opens are events is the same for a tracer and for a log.
package enum OpenInterest: Hashable, Sendable {
  case nothing
  /// A program of the user's, or what tells of a worker's doings: an event.
  case program
  /// A module by whose import multiprocessing starts a process: an event with the stack.
  case starter
  /// `/dev/null`, which a worker opens when its preparation is done (Lib/multiprocessing/process.py,
  /// `_bootstrap`: `util._close_stdin`).
  case endOfBoot

  /// Looks at the path's bytes: most are worth nothing, and no string is made.
  ///
  /// - Parameters:
  ///   - byPython: Whether a Python interpreter opens it.
  ///   - isBooting: Whether a worker does that is being prepared.
  ///   - scripts: The paths that command lines of the tree have named.
  package init(
    _ path: UnsafeRawBufferPointer, byPython: Bool, isBooting: Bool = false, scripts: Set<String>
  ) {
    let name: Slice<UnsafeRawBufferPointer>
    if let slash = path.lastIndex(of: UInt8(ascii: "/")) {
      name = path[(slash + 1)...]
    } else {
      name = path[...]
    }
    // popen_spawn_posix.py, popen_forkserver.cpython-313.pyc (Lib/multiprocessing, and its kin).
    if name.starts(with: "popen_spawn_posix.".utf8) || name.starts(with: "popen_forkserver.".utf8) {
      self = .starter
      return
    }
    self = .nothing
    guard byPython else { return }
    // A worker that is being prepared forks (Lib/multiprocessing/context.py, `ForkProcess._Popen`).
    if isBooting, name.starts(with: "popen_fork.".utf8) {
      self = .program
      return
    }
    if isBooting, path.elementsEqual("/dev/null".utf8) {
      self = .endOfBoot
      return
    }
    let isSource = name.ends(with: ".py")
    if isSource || name.ends(with: ".pyc") {
      if CodeOrigin(path: path) == .user { self = .program }
      return
    }
    guard !name.ends(with: ".so"), !name.isEmpty, !scripts.isEmpty else { return }
    if scripts.contains(String(exactly: path)) { self = .program }
  }
}

/// What is said to the resource tracker (Lib/multiprocessing/resource_tracker.py, 3.6 and 3.15: `_send`,
/// `_make_probe_message`).
package enum TrackerMessage {
  /// Whether bytes that are written begin as such a message.
  package static func begins(_ bytes: UnsafeRawBufferPointer) -> Bool {
    ["PROBE:", "REGISTER:", "UNREGISTER:", #"{"cmd":""#].contains { bytes.starts(with: $0.utf8) }
  }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate func ends(with suffix: StaticString) -> Bool {
    count >= suffix.utf8CodeUnitCount
      && suffix.withUTF8Buffer { self.suffix($0.count).elementsEqual($0) }
  }
}
