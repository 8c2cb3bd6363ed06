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
      let key =
        threadPointer.map { ThreadKey.threadPointer($0) }
        ?? .threadID(thread, isOnlyThread: ProcessFacts(process: process).threadCount == 1)
      var memory = memory
      let reading = image.stackReader.read(key, in: interpreter, memory: &memory)
      guard case .read(var stack) = reading else { return reading }
      source.fill(&stack.frames, of: process)
      return .read(stack)
    }
  }

  private func locate(_ process: Int32, _ image: ProcessImage) -> PythonInterpreter.Location {
    guard let maps = contents(of: "/proc/\(process)/maps") else { return .none }
    let candidates = MemoryMappings.beginnings(in: maps) { path in
      PythonSymbols.isCandidate(
        path: String(path), isExecutable: String(path) == image.executable)
    }
    let images = candidates.compactMap { candidate in
      symbols(of: candidate, process, image).map {
        LoadedImage(
          path: candidate.path, lowestMapping: candidate.range.lowerBound, symbols: $0)
      }
    }
    var memory = memory
    return PythonInterpreter.locate(in: images, executable: image.executable, memory: &memory)
  }

  /// The file behind a mapping, whatever has become of its name: by map_files where we may
  /// (CAP_CHECKPOINT_RESTORE), else by its name in the process's own mount namespace.
  private func symbols(
    of mapping: FileMapping, _ process: Int32, _ image: ProcessImage
  ) -> PythonSymbols? {
    let facts = ProcessFacts(process: process)
    let start = String(mapping.range.lowerBound, radix: 16)
    let end = String(mapping.range.upperBound, radix: 16)
    let names = [
      "/proc/\(process)/map_files/\(start)-\(end)",
      mapping.path == image.executable ? "/proc/\(process)/exe" : facts.rooted(mapping.path),
    ]
    for name in names {
      guard let status = FileStatus(path: name) else { continue }
      let identity = FileIdentity(status)
      if let known = symbols[identity] { return known }
      guard let file = MappedFile(path: name) else { continue }
      let found = file.withBytes { PythonSymbols(file: $0, path: mapping.path) }
      symbols[identity] = .some(found)
      return found
    }
    return nil
  }
}
