internal import CSpawnTrace
internal import Glibc
internal import LinuxProcess
internal import Multiprocessing
internal import TraceModel

/// The one table that decides which system calls the filter picks, which events want a stack, and
/// which signals are recorded.
///
/// It knows no rule, only what rules can use.
enum Interest {
  /// The meaning of a system call that the filter has picked.
  enum Call {
    /// The path is the argument at the first index. It is relative to the directory in the argument
    /// at the second index or, without one, to the working directory.
    case open(pathArgument: Int, directoryArgument: Int?)
    /// No event: see `ServedCalls`.
    case makeFolder
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

  /// The calls that the filter picks. Opens are picked if they have exactly the flags with which
  /// CPython reads programs (Python/fileutils.c, `_Py_open`; Modules/_io/fileio.c) and the C
  /// library reads its files.
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
          .argument(2, isOneOf: TrackerMessage.lengths),
        ])),
      CallPattern(number: Int(SYS_execve)),
      CallPattern(number: Int(SYS_execveat)),
      // Other signals are seen at their delivery, with their sender; this one has no delivery.
      CallPattern(
        number: Int(SYS_kill), condition: .argument(1, isOneOf: [UInt32(SIGKILL)])),
      CallPattern(
        number: Int(SYS_tgkill), condition: .argument(2, isOneOf: [UInt32(SIGKILL)])),
      CallPattern(
        number: Int(SYS_tkill), condition: .argument(1, isOneOf: [UInt32(SIGKILL)])),
    ]
    if let open = CallNumber.open {
      result.append(
        CallPattern(
          number: Int(open),
          condition: .argument(1, isOneOf: [pythonFlags, muslFlags])))
    }
    return result
  }()

  static func call(number: Int) -> Call? {
    switch Int32(truncatingIfNeeded: number) {
    case SYS_openat, CallNumber.openat2: .open(pathArgument: 1, directoryArgument: 0)
    case CallNumber.open, CallNumber.creat: .open(pathArgument: 0, directoryArgument: nil)
    case SYS_mkdirat, CallNumber.mkdir: .makeFolder
    case SYS_bind: .bind
    case SYS_connect: .connect
    case SYS_pipe2: .pipe
    case SYS_write: .write
    case SYS_execve, SYS_execveat: .execute
    case SYS_kill, SYS_tkill, SYS_tgkill: .kill
    default: nil
    }
  }

  /// Whether the stack of a process's first thread adds to that of another one at such an event: if
  /// another thread starts a process, the first may be importing main. A worker does that in its boot
  /// window; a library's own worker and a frozen program's may do it at any time.
  static func wantsMainStack(at kind: Event.Kind, _ process: ProcessState) -> Bool {
    guard process.isBooting || process.role == .subprocess || process.role == .resourceTracker
    else { return false }
    switch kind {
    case .started, .piped, .connected: return true
    case .opened(let file): return file.meaning == .starter || file.meaning == .forkStarter
    case .wrote(let written): return written.descriptor != STDERR_FILENO
    default: return false
    }
  }

  /// Whether a native stack adds to a Python stack at the start of a process: Python frames show
  /// the standard library's own starters, but not C code that a program calls.
  static func wantsNativeStack(atStart stack: StackReading?) -> Bool {
    guard case .read(let stack) = stack, let innermost = stack.frames.first else { return true }
    return CodeOrigin(path: innermost.path) != .standardLibrary
  }

  /// Whether to filter a program from its start: workers, their servers, programs that exec
  /// themselves, and `-m NAME`: the file is known only once it is opened.
  static func needsFilter(
    fromStart image: ProcessImage, _ execution: Execution, after before: ProcessImage?
  ) -> Bool {
    if image.state.belongsToWorker { return true }
    guard image.state.isPython, image.state.role != .resourceTracker else { return false }
    if let before, before.state.isPython, !before.state.isForked { return true }
    if case .module = PythonCommandLine(execution.arguments).target { return true }
    return false
  }

  /// Whether a stack at the start of a process shows that the program starts workers, so that its
  /// calls can prove something from then on. If no stack can be read, it may.
  static func startsWorkers(_ stack: StackReading?) -> Bool {
    switch stack {
    case .read(let stack):
      stack.cut != nil || stack.frames.contains(where: \.isOfMultiprocessing)
    case .unreadable: true
    case nil: false
    }
  }

  /// Whether a worker that ends with this stack ends in the middle of its work. A forked worker that
  /// has done its work ends in the frame that made it, among its parent's frames.
  static func isAtWork(_ stack: PythonCallStack) -> Bool {
    !stack.workersOwn.isEmpty
  }

  /// Whether to record a non-fatal signal. Timer and child signals are not recorded.
  static func isRecorded(signal: Int32) -> Bool {
    switch signal {
    case SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGALRM, SIGVTALRM, SIGPROF: false
    default: true
    }
  }
}
