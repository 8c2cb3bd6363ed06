internal import CSpawnTrace
internal import Glibc
internal import LinuxProcess
internal import TraceModel

/// What deserves a closer look: the one table that decides which system calls the filter picks,
/// which opened path is an event, which event wants a stack, which signal is told.
///
/// It knows no rule; it knows what rules can use.
enum Interest {
  /// What is to be made of a system call that the filter picked.
  enum Call {
    /// The path is the argument at this index, relative to the directory in the one before or, where
    /// there is none, to the working directory.
    case open(pathArgument: Int, directoryArgument: Int?)
    case bind
    case connect
  }

  private static let pythonFlags = UInt32(O_RDONLY | O_CLOEXEC)
  /// musl's `open` adds O_LARGEFILE (0100000 in the kernel's numbering) on every architecture.
  private static let muslFlags = pythonFlags | 0o100000
  /// `struct sockaddr_in6`: a longer address is a Unix socket's, with a path of its own.
  private static let longestInternetAddress: UInt32 = 28

  /// The calls that the filter picks. Opens: with exactly the flags with which CPython reads
  /// programs (Python/fileutils.c, `_Py_open`; Modules/_io/fileio.c) and the C library its files.
  static let patterns: [CallPattern] = {
    var result = [
      CallPattern(
        number: Int(SYS_openat), condition: .argument(2, isOneOf: [pythonFlags, muslFlags])),
      CallPattern(
        number: Int(SYS_connect), condition: .argumentAbove(2, longestInternetAddress)),
      CallPattern(number: Int(SYS_bind), condition: .argumentAbove(2, longestInternetAddress)),
    ]
    if spawntrace_call_open >= 0 {
      result.append(
        CallPattern(
          number: Int(spawntrace_call_open),
          condition: .argument(1, isOneOf: [pythonFlags, muslFlags])))
    }
    return result
  }()

  static func call(number: Int) -> Call? {
    switch Int32(truncatingIfNeeded: number) {
    case SYS_openat: .open(pathArgument: 1, directoryArgument: 0)
    case spawntrace_call_open: .open(pathArgument: 0, directoryArgument: nil)
    case SYS_bind: .bind
    case SYS_connect: .connect
    default: nil
    }
  }

  enum Open {
    case nothing
    /// A program of the user's: an event.
    case program
    /// A module by whose import multiprocessing starts a process: an event with the stack.
    case starter
  }

  /// What an opened path is worth, from its bytes: most are worth nothing, and no string is made.
  ///
  /// `scripts` are the paths that command lines of the tree have named.
  static func open(_ path: UnsafeRawBufferPointer, byPython: Bool, scripts: Set<String>) -> Open {
    let name: Slice<UnsafeRawBufferPointer>
    if let slash = path.lastIndex(of: UInt8(ascii: "/")) {
      name = path[(slash + 1)...]
    } else {
      name = path[...]
    }
    // popen_spawn_posix.py, popen_forkserver.cpython-313.pyc (Lib/multiprocessing, and its kin).
    if name.starts(with: "popen_spawn_posix.".utf8) || name.starts(with: "popen_forkserver.".utf8) {
      return .starter
    }
    guard byPython else { return .nothing }
    let isSource = name.ends(with: ".py")
    if isSource || name.ends(with: ".pyc") {
      return CodeOrigin(path: path) == .user ? .program : .nothing
    }
    guard !name.ends(with: ".so"), !name.isEmpty, !scripts.isEmpty else { return .nothing }
    return scripts.contains(String(decoding: path, as: UTF8.self)) ? .program : .nothing
  }

  /// Whether a signal's delivery is told: those that mean nothing but that time or a child has
  /// passed are not.
  static func isTold(signal: Int32) -> Bool {
    switch signal {
    case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGALRM, SIGVTALRM, SIGPROF: false
    default: true
    }
  }
}

extension Slice<UnsafeRawBufferPointer> {
  fileprivate func ends(with suffix: StaticString) -> Bool {
    count >= suffix.utf8CodeUnitCount
      && suffix.withUTF8Buffer { self.suffix($0.count).elementsEqual($0) }
  }
}
