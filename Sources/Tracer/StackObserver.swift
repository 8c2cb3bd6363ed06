internal import ELFImage
internal import LinuxProcess
internal import NativeStack
internal import PythonStack
internal import TraceModel

/// Reads the stacks of a thread that stands still, with the program's text at Python's lines.
final class StackObserver {
  private let memory = PagedMemory()
  private let source = SourceReader()
  private let native = NativeStackReader()
  /// What a file says of an interpreter in it, however many processes map it.
  private var symbols: [FileIdentity: PythonSymbols?] = [:]

  /// Reads the Python stack of a thread that waits at a system call; nil where the process has no
  /// interpreter and need not have one.
  func read(
    _ thread: Int32, _ threadPointer: UInt64?, of process: Int32, _ image: ProcessImage
  ) -> StackReading? {
    memory.begin(thread)
    return python(thread, threadPointer, of: process, image).reading
  }

  /// Reads the Python stack of a thread in a ptrace stop, and its native stack where that is wanted.
  func read(
    _ thread: Int32, _ registers: ThreadRegisters, of process: Int32, _ image: ProcessImage,
    wantsNative: (StackReading?) -> Bool
  ) -> CapturedStack {
    memory.begin(thread)
    let (python, evaluations) = python(
      thread, registers.systemCall.threadPointer, of: process, image)
    guard wantsNative(python) else { return CapturedStack(python: python) }
    let native = native.read(
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

  /// A process is new: its files are where its parent's are.
  func forked(_ child: Int32, from parent: Int32) {
    native.inherit(child: child, from: parent)
  }

  /// A process has executed another program, or is gone.
  func forget(_ process: Int32) {
    native.forget(process: process)
  }

  private func python(
    _ thread: Int32, _ threadPointer: UInt64?, of process: Int32, _ image: ProcessImage
  ) -> (reading: StackReading?, evaluations: [PythonEvaluation]) {
    let location = image.interpreter ?? locate(process, image)
    switch location {
    case .none:
      // The dynamic linker may still be at work: the next one who asks looks again.
      return (
        image.isPython ? .unreadable("no interpreter found in \(image.executable)") : nil, []
      )
    case .unsupported(let reason):
      image.interpreter = location
      return (.unreadable(reason), [])
    case .found(let interpreter):
      image.interpreter = location
      var memory = memory
      let (reading, evaluations) = image.stackReader.readWithEvaluations(
        Self.key(thread, threadPointer), in: interpreter, memory: &memory)
      guard case .read(var stack) = reading else { return (reading, []) }
      source.fill(&stack.frames, of: process, startedIn: image.workingDirectory)
      return (.read(stack), evaluations)
    }
  }

  /// What the thread is known by in its own memory: there its id is the one of its own pid namespace.
  private static func key(_ thread: Int32, _ threadPointer: UInt64?) -> ThreadKey {
    if let threadPointer { return .threadPointer(threadPointer) }
    let status = StatusFile(process: thread)
    return .threadID(
      status?.threadInItsNamespace ?? thread, isOnlyThread: status?.threadCount == 1)
  }

  private func locate(_ process: Int32, _ image: ProcessImage) -> PythonInterpreter.Location {
    let images = linkedImages(process, image) ?? mappedImages(process, image)
    var memory = memory
    return PythonInterpreter.locate(in: images, executable: image.executable, memory: &memory)
  }

  /// Where the interpreter is by the dynamic linker's list: the quick way. nil where it isn't found.
  private func linkedImages(_ process: Int32, _ image: ProcessImage) -> [LoadedImage]? {
    var memory = memory
    guard let vector = AuxiliaryVector(process: process),
      let map = LinkMap(
        programHeaders: vector.programHeaders, count: vector.programHeaderCount, memory: &memory)
    else { return nil }
    if let symbols = symbols(["/proc/\(process)/exe"], path: image.executable) {
      return [LoadedImage(path: image.executable, bias: map.programBias, symbols: symbols)]
    }
    let library = map.first(in: &memory) { path in
      PythonSymbols.isCandidate(path: path, isExecutable: false)
    }
    guard let library else { return nil }
    let path = library.path.absolutePath(
      in: ProcessFacts(process: process).workingDirectory ?? "/")
    return symbols([ProcessFacts(process: process).rooted(path)], path: path).map {
      [LoadedImage(path: path, bias: library.bias, symbols: $0)]
    }
  }

  /// The same by the mappings, whatever the linker's list is and whatever has become of the files'
  /// names: by map_files where we may (CAP_CHECKPOINT_RESTORE), else by name in the process's own
  /// mount namespace.
  private func mappedImages(_ process: Int32, _ image: ProcessImage) -> [LoadedImage] {
    guard let maps = contents(of: "/proc/\(process)/maps") else { return [] }
    let candidates = MemoryMappings.beginnings(in: maps) { path in
      PythonSymbols.isCandidate(path: path, isExecutable: path == image.executable)
    }
    return candidates.compactMap { candidate in
      let start = String(candidate.range.lowerBound, radix: 16)
      let end = String(candidate.range.upperBound, radix: 16)
      let names = [
        "/proc/\(process)/map_files/\(start)-\(end)",
        candidate.path == image.executable
          ? "/proc/\(process)/exe" : ProcessFacts(process: process).rooted(candidate.path),
      ]
      return symbols(names, path: candidate.path).map {
        LoadedImage(
          path: candidate.path, lowestMapping: candidate.range.lowerBound, symbols: $0)
      }
    }
  }

  /// What the first of the names that leads to a file says of an interpreter in it.
  private func symbols(_ names: [String], path: String) -> PythonSymbols? {
    for name in names {
      guard let status = FileStatus(path: name) else { continue }
      let identity = FileIdentity(status)
      if let known = symbols[identity] { return known }
      guard let file = MappedFile(path: name) else { continue }
      let found = file.withBytes { PythonSymbols(file: $0, path: path) }
      symbols[identity] = .some(found)
      return found
    }
    return nil
  }
}
