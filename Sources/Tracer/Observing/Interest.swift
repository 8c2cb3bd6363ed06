internal import CSpawnTrace
internal import Bytes
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
    case pipe
    /// The descriptor is the first argument, the text the second, its length the third.
    case write
    /// The process runs another program, if that succeeds.
    case execute
    /// The target is the first argument: a process, a thread, or a group in kill(2)'s terms.
    case kill
  }

  private static let pythonFlags = UInt32(O_RDONLY | O_CLOEXEC)
  /// musl's `open` adds O_LARGEFILE (0100000 in the kernel's numbering) on every architecture.
  private static let muslFlags = pythonFlags | 0o100000
  /// `struct sockaddr_in6`: a longer address is a Unix socket's, with a path of its own.
  private static let longestInternetAddress: UInt32 = 28

  /// How long what is said to the resource tracker is, in the two forms that it has had
  /// (Lib/multiprocessing/resource_tracker.py, 3.6 and 3.15: `_send`, `_make_probe_message`). The
  /// names are of the lengths that SemLock and SharedMemory give them.
  private static let trackerMessageLengths: [UInt32] = {
    var lengths: Set<Int> = ["PROBE:0:noop\n".utf8.count]
    lengths.insert(#"{"cmd":"PROBE","rtype":"noop"}"#.utf8.count + 1)
    for command in ["REGISTER", "UNREGISTER"] {
      // The first versions knew no types.
      lengths.insert("\(command):/mp-01234567\n".utf8.count)
      for (name, type) in [("/mp-01234567", "semaphore"), ("/psm_01234567", "shared_memory")] {
        lengths.insert("\(command):\(name):\(type)\n".utf8.count)
        let encoded = String(repeating: "a", count: (name.utf8.count + 2) / 3 * 4)
        lengths.insert(
          #"{"cmd":"\#(command)","rtype":"\#(type)","base64_name":"\#(encoded)"}"#.utf8.count + 1)
      }
    }
    return lengths.map(UInt32.init).sorted()
  }()

  /// The calls that the filter picks. Opens: with exactly the flags with which CPython reads
  /// programs (Python/fileutils.c, `_Py_open`; Modules/_io/fileio.c) and the C library its files.
  static let patterns: [CallPattern] = {
    var result = [
      CallPattern(
        number: Int(SYS_openat), condition: .argument(2, isOneOf: [pythonFlags, muslFlags])),
      CallPattern(
        number: Int(SYS_connect), condition: .argumentAbove(2, longestInternetAddress)),
      CallPattern(number: Int(SYS_bind), condition: .argumentAbove(2, longestInternetAddress)),
      CallPattern(number: Int(SYS_pipe2), condition: .argument(1, isOneOf: [UInt32(O_CLOEXEC)])),
      CallPattern(
        number: Int(SYS_write),
        condition: .anyOf([
          // CPython 3.7 to 3.12 write a traceback in pieces, an exception's name by itself.
          .argument(0, isOneOf: [UInt32(STDERR_FILENO)]),
          .argument(2, isOneOf: trackerMessageLengths),
        ])),
      CallPattern(number: Int(SYS_execve)),
      CallPattern(number: Int(SYS_execveat)),
      // Other signals are told at their delivery, with their sender; this one has none.
      CallPattern(
        number: Int(SYS_kill), condition: .argument(1, isOneOf: [UInt32(SIGKILL)])),
      CallPattern(
        number: Int(SYS_tgkill), condition: .argument(2, isOneOf: [UInt32(SIGKILL)])),
      CallPattern(
        number: Int(SYS_tkill), condition: .argument(1, isOneOf: [UInt32(SIGKILL)])),
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
    case SYS_pipe2: .pipe
    case SYS_write: .write
    case SYS_execve, SYS_execveat: .execute
    case SYS_kill, SYS_tkill, SYS_tgkill: .kill
    default: nil
    }
  }

  /// Whether a native stack adds to a Python stack at the start of a process: the standard library's
  /// own starters are told by their frames, C code that a program calls is not.
  static func wantsNativeStack(atStart stack: StackReading?) -> Bool {
    guard case .read(let stack) = stack, let innermost = stack.frames.first else { return true }
    return CodeOrigin(path: innermost.path) != .standardLibrary
  }

  /// Whether the calls of a program tell something from its beginning on: those of workers and of their
  /// servers, of one that replaces itself, and of one of which only the file that it opens tells what
  /// `-m NAME` is.
  static func isWatched(
    fromBeginning image: ProcessImage, _ execution: Execution, after before: ProcessImage?
  ) -> Bool {
    if let role = image.role { return role != .resourceTracker }
    guard image.isPython else { return false }
    if let before, before.isPython, !before.isForked { return true }
    if case .module = PythonCommandLine(execution.arguments).target { return true }
    return false
  }

  /// Whether a stack at the start of a process shows that the program starts workers: from then on its
  /// calls can prove something. Where no stack can be read, it may.
  static func startsWorkers(_ stack: StackReading?) -> Bool {
    switch stack {
    case .read(let stack):
      stack.cut != nil
        || stack.frames.contains { frame in
          starterFolders.contains { frame.path.containsBytes($0) }
        }
    case .unreadable: true
    case nil: false
    }
  }

  private static let starterFolders: [StaticString] = [
    "/multiprocessing/", "/multiprocess/", "/billiard/", "/loky/", "/concurrent/futures/",
  ]

  /// Whether a signal's delivery is told that doesn't end the process: those that mean nothing but that
  /// time or a child has passed are not.
  static func isTold(signal: Int32) -> Bool {
    switch signal {
    case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGALRM, SIGVTALRM, SIGPROF: false
    default: true
    }
  }
}
