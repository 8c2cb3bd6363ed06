internal import ELFImage
internal import LinuxProcess
internal import PythonStack
internal import TraceModel

/// Reads the Python stack of a thread that stands still, with the program's text at its lines.
final class StackObserver {
  private let memory = PagedMemory()
  private let source = SourceReader()
  /// What a file says of an interpreter in it, however many processes map it.
  private var symbols: [FileIdentity: PythonSymbols?] = [:]

  /// nil where the process has no interpreter and need not have one.
  func read(
    _ thread: Int32, _ threadPointer: UInt64?, of process: Int32, _ image: ProcessImage
  ) -> StackReading? {
    memory.begin(thread)
    let location = image.interpreter ?? locate(process, image)
    image.interpreter = location
    switch location {
    case .none:
      return image.isPython ? .unreadable("no interpreter found in \(image.executable)") : nil
    case .unsupported(let reason):
      return .unreadable(reason)
    case .found(let interpreter):
      var memory = memory
      let reading = image.stackReader.read(
        Self.key(thread, threadPointer), in: interpreter, memory: &memory)
      guard case .read(var stack) = reading else { return reading }
      source.fill(&stack.frames, of: process, startedIn: image.workingDirectory)
      return .read(stack)
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
