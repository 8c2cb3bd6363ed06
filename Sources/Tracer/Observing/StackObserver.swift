internal import LinuxProcess
internal import Multiprocessing
internal import NativeStack
internal import PythonStack
package import TraceModel

/// Reads the stacks of a thread that stands still, with the program's text at Python's lines.
package final class StackObserver {
  /// How often a stack is read again if it wasn't found, or not to its end.
  private static let retries = 2
  /// How often the stack of a thread that runs is read again.
  private static let readingsOfRunning = 3

  let memory = PagedMemory()
  private let source: SourceReader
  /// The reader of native stacks; nil until it is needed, which most runs never do.
  private var native: NativeStackReader?
  private let finder: InterpreterFinder

  package convenience init(usesMapFiles: Bool = true) {
    self.init(ProgramFiles(), usesMapFiles: usesMapFiles)
  }

  init(_ files: ProgramFiles, usesMapFiles: Bool = true) {
    source = SourceReader(files)
    finder = InterpreterFinder(memory, usesMapFiles: usesMapFiles)
  }

  /// Reads the Python stack of a thread that waits at a system call; nil if the process has no
  /// interpreter and isn't expected to have one.
  package func read(
    _ thread: ThreadID, _ threadPointer: UInt64?, of process: ProcessID, _ image: ProcessImage
  ) -> StackReading? {
    memory.begin(thread)
    return python(thread, threadPointer, of: process, image).reading
  }

  /// Reads the Python stack of a thread in a ptrace stop, and its native stack if that is wanted.
  func read(
    _ thread: ThreadID, _ registers: ThreadRegisters, of process: ProcessID, _ image: ProcessImage,
    wantsNative: (StackReading?) -> Bool
  ) -> CapturedStack {
    memory.begin(thread)
    let (python, evaluations) = python(
      thread, registers.systemCall.threadPointer, of: process, image)
    guard wantsNative(python) else { return CapturedStack(python: python) }
    let reader = native ?? NativeStackReader()
    native = reader
    let native = reader.read(
      of: thread, process: process, registers: registers, memory: memory)
    guard case .read(let stack) = python else {
      return CapturedStack(
        python: python,
        native: .merged(native.frames.map { .native($0.frame) }, cut: native.cut?.description))
    }
    return CapturedStack(
      python: python,
      native: .merge(native: native, python: stack, evaluations: evaluations))
  }

  /// Reads the stack of a process's first thread at a call by which another thread starts a process:
  /// the first thread may be importing main, and its statement is what led to the start.
  ///
  /// Returns nil if it isn't wanted.
  func readMain(
    at kind: Event.Kind, by thread: ThreadID, of process: ProcessID, _ image: ProcessImage
  ) -> StackReading? {
    guard thread != process.firstThread, Interest.wantsMainStack(at: kind, image.state) else {
      return nil
    }
    return readRunning(process.firstThread, of: process, image)
  }

  /// Reads the stack of a thread that may be running: only the outer frames that two readings have
  /// in common. Most such threads wait, and two readings are the same.
  private func readRunning(
    _ thread: ThreadID, of process: ProcessID, _ image: ProcessImage
  ) -> StackReading? {
    var reading = read(thread, nil, of: process, image)
    for _ in 0..<Self.readingsOfRunning {
      guard case .read(let before) = reading else { return reading }
      reading = read(thread, nil, of: process, image)
      guard case .read(var stack) = reading else { return reading }
      if stack.cut != nil { continue }
      if stack == before { return reading }
      stack.frames = stack.frames(sharedWith: before)
      if !stack.frames.isEmpty { reading = .read(stack) }
    }
    return reading
  }

  /// A process was forked: it has its parent's files at the same addresses.
  func forked(_ child: ProcessID, from parent: ProcessID) {
    native?.inherit(child: child, from: parent)
  }

  /// A process has executed another program, or is gone.
  func forget(_ process: ProcessID) {
    native?.forget(process: process)
  }

  /// Reads the Python stack of a thread that is about to end; nil if there is none, as after the
  /// interpreter's own end, or if `isWanted` says so of the innermost frame. `addSource` adds the
  /// program's text.
  func read(
    dying thread: ThreadID, _ threadPointer: UInt64?, of process: ProcessID, _ image: ProcessImage,
    if isWanted: (PythonFrame) -> Bool
  ) -> PythonCallStack? {
    memory.begin(thread)
    let innermost = python(
      thread, threadPointer, of: process, image, limit: 1, retries: 0, wantsSource: false)
    guard let frame = innermost.reading?.frames.first, isWanted(frame) else { return nil }
    let whole = python(
      thread, threadPointer, of: process, image, retries: 0, wantsSource: false)
    guard case .read(let stack) = whole.reading else { return nil }
    return stack
  }

  /// Adds the program's text to the frames of a stack.
  func addSource(to stack: inout PythonCallStack, of process: ProcessID, _ image: ProcessImage) {
    source.fill(&stack.frames, of: process, startedIn: image.workingDirectory)
  }

  private func python(
    _ thread: ThreadID, _ threadPointer: UInt64?, of process: ProcessID, _ image: ProcessImage,
    limit: Int = .max, retries: Int = StackObserver.retries, wantsSource: Bool = true
  ) -> (reading: StackReading?, evaluations: [PythonEvaluation]) {
    if image.interpreter == nil {
      switch finder.locate(process, image) {
      case .found(let interpreter): image.interpreter = interpreter
      // Asked again later: a program may load Python at any time.
      case .unsupported(let reason): return (.unreadable(reason), [])
      case .none:
        return (
          image.state.isPython ? .unreadable("no interpreter found in \(image.executable)") : nil,
          []
        )
      }
    }
    guard let interpreter = image.interpreter else { return (nil, []) }
    var memory = memory
    // All readings together: a thread waits as long, and the tracer with it.
    let end = SuspendingClock.now + StackReader.patience
    var (reading, evaluations) = image.stackReader.readWithEvaluations(
      Self.key(thread, threadPointer, of: process, image), in: interpreter, limit: limit,
      until: end, memory: &memory)
    // The thread's own frames stand still, but others may be changing the list of threads.
    for _ in 0..<retries where !reading.isConclusive && SuspendingClock.now < end {
      memory.begin(thread)
      (reading, evaluations) = image.stackReader.readWithEvaluations(
        Self.wholeKey(thread, threadPointer), in: interpreter, until: end, memory: &memory)
    }
    guard case .read(var stack) = reading, wantsSource else { return (reading, evaluations) }
    source.fill(&stack.frames, of: process, startedIn: image.workingDirectory)
    image.stackReader.keep(sourcesOf: stack.frames)
    return (.read(stack), evaluations)
  }

  /// Returns the key of the thread in its own memory, without a look at its status if the id alone
  /// will mostly do.
  private static func key(
    _ thread: ThreadID, _ threadPointer: UInt64?, of process: ProcessID, _ image: ProcessImage
  ) -> ThreadKey {
    guard threadPointer == nil else { return wholeKey(thread, threadPointer) }
    if image.isInTracersNamespace == nil {
      image.isInTracersNamespace = ProcessFolder(process).isInOwnNamespace
    }
    return image.isInTracersNamespace == true
      ? .threadID(thread.rawValue, isOnlyThread: false) : wholeKey(thread, nil)
  }

  /// Returns the key of the thread in its own memory: there its id is that of its own pid
  /// namespace.
  private static func wholeKey(_ thread: ThreadID, _ threadPointer: UInt64?) -> ThreadKey {
    if let threadPointer { return .threadPointer(threadPointer) }
    let fields = StatusFields(of: thread)
    return .threadID(
      (fields?.idInOwnNamespace ?? thread).rawValue, isOnlyThread: fields?.threadCount == 1)
  }
}

extension PythonCallStack {
  /// The outer frames that execute the same code as those of an earlier reading. Their lines may have
  /// changed meanwhile.
  fileprivate func frames(sharedWith earlier: PythonCallStack) -> [PythonFrame] {
    let shared = zip(frames.reversed(), earlier.frames.reversed()).prefix {
      $0.path == $1.path && $0.function == $1.function && $0.module == $1.module
    }
    return frames.suffix(shared.count)
  }
}

extension StackReading {
  /// Whether reading it again can't give more.
  fileprivate var isConclusive: Bool {
    if case .read(let stack) = self { !stack.frames.isEmpty && stack.cut == nil } else { false }
  }
}
