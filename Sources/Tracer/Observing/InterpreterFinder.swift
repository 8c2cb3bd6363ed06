internal import ELFImage
internal import LinuxProcess
internal import PythonStack
internal import TraceModel

/// Finds the interpreter of a process in the files that it has mapped.
final class InterpreterFinder {
  private let memory: PagedMemory
  /// The facts of each file, for all processes that map it.
  private var files: [FileStatus: FileFacts] = [:]
  /// Whether files are found by /proc/PID/map_files, which takes CAP_CHECKPOINT_RESTORE.
  private let usesMapFiles: Bool

  init(_ memory: PagedMemory, usesMapFiles: Bool) {
    self.memory = memory
    self.usesMapFiles = usesMapFiles
  }

  /// Locates the interpreter of a process. `memory` is the process's.
  func locate(_ process: ProcessID, _ image: ProcessImage) -> PythonInterpreter.Location {
    var memory = memory
    if let linked = linkedImage(process, image) {
      return PythonInterpreter.locate(in: [linked], executable: image.executable, memory: &memory)
    }
    let (images, missing) = mappedImages(process, image)
    let location = PythonInterpreter.locate(
      in: images, executable: image.executable, memory: &memory)
    if case .none = location, let missing {
      return .unsupported("the file of its interpreter is gone or replaced: \(missing)")
    }
    return location
  }

  /// Finds the interpreter in the dynamic linker's list, which is quick; nil if it isn't found.
  private func linkedImage(_ process: ProcessID, _ image: ProcessImage) -> LoadedImage? {
    var memory = memory
    let folder = ProcessFolder(process)
    let isReadable = ProcMount.current == .usable
    guard let vector = image.auxiliaryVector(of: process),
      let map = LinkMap(
        programHeaders: vector.programHeaders, count: vector.programHeaderCount, memory: &memory)
    else { return nil }
    let program = isReadable ? folder.executablePath : image.executable
    if let facts = facts(program, path: image.executable),
      let symbols = facts.symbols
    {
      let loaded = LoadedImage(path: image.executable, bias: map.programBias, symbols: symbols)
      return isThere(facts, at: loaded) ? loaded : nil
    }
    let library = map.first(in: &memory) { path in
      PythonSymbols.isCandidate(path: path, isExecutable: false)
    }
    guard let library else { return nil }
    // A relative path is right as long as the process has not changed its directory or root. Else
    // another file is there, or none.
    let name =
      library.path.hasPrefix("/")
      ? folder.rooted(library.path)
      : (isReadable ? folder.workingDirectoryPath : image.workingDirectory) + "/" + library.path
    guard let facts = facts(name, path: library.path), let symbols = facts.symbols else {
      return nil
    }
    let loaded = LoadedImage(path: library.path, bias: library.bias, symbols: symbols)
    return isThere(facts, at: loaded) ? loaded : nil
  }

  /// Finds candidates in the mappings, without the linker's list and even if files were renamed: by
  /// map_files if we may, else by path in the process's root and in ours (the kernel gives paths
  /// relative to our root if the process has changed its own), as long as the same file has that
  /// path. Also returns the path of a file that wasn't found.
  private func mappedImages(
    _ process: ProcessID, _ image: ProcessImage
  ) -> (images: [LoadedImage], missing: String?) {
    let folder = ProcessFolder(process)
    guard let maps = folder.maps else { return ([], nil) }
    // The kernel marks a file without a name so.
    let programs = [image.executable, image.executable + " (deleted)"]
    let candidates = MemoryMappings.beginnings(in: maps) { path in
      PythonSymbols.isCandidate(path: path, isExecutable: programs.contains(path))
    }
    var images: [LoadedImage] = []
    var missing: String?
    for candidate in candidates {
      let path = candidate.path
      let mapped = usesMapFiles ? [folder.mappedFile(candidate.range)] : []
      let isProgram = programs.contains(path)
      let names =
        isProgram
        ? [folder.executablePath] : [folder.rooted(path), path]
      let found = (mapped + names).lazy.compactMap { name in
        self.facts(name, path: path).flatMap { facts in
          facts.symbols.map {
            (
              facts: facts, isMapping: mapped.contains(name),
              image: LoadedImage(
                path: path, lowestMapping: candidate.range.lowerBound, symbols: $0)
            )
          }
        }
      }.first { $0.isMapping || isThere($0.facts, at: $0.image) }
      if let found {
        images.append(found.image)
      } else if !isProgram, !mapped.contains(where: { FileStatus(path: $0) != nil }) {
        missing = path
      }
    }
    return (images, missing)
  }

  /// The facts that the tracer keeps of a file.
  private struct FileFacts {
    /// The interpreter's symbols; nil if the file contains no interpreter.
    let symbols: PythonSymbols?
    /// Bytes that a process has in memory, too, if it has mapped this file.
    let witness: [UInt8]
  }

  private func facts(_ name: String, path: String) -> FileFacts? {
    // Opening a pipe would block until another process writes.
    guard let status = FileStatus(path: name), !status.mayWaitToOpen, !status.isDirectory else {
      return nil
    }
    if let known = files[status] { return known }
    guard let file = MappedFile(path: name) else { return nil }
    let facts = file.withBytes { bytes in
      let symbols = PythonSymbols(file: bytes, path: path)
      let witness = symbols?.witness.map { witness in
        bytes.withUnsafeBytes { [UInt8]($0.dropFirst(witness.fileOffset).prefix(witness.size)) }
      }
      return FileFacts(symbols: symbols, witness: witness ?? [])
    }
    files[status] = facts
    return facts
  }

  /// Whether the process has this file mapped there: another file may have got its path meanwhile.
  ///
  /// Compares memory, not device and inode. That is one read, while the kernel has to produce maps
  /// for us, and it works where stat(2) has other numbers than the mappings (overlayfs, btrfs).
  private func isThere(_ facts: FileFacts, at image: LoadedImage) -> Bool {
    guard let address = image.witnessAddress else { return true }
    return withUnsafeTemporaryAllocation(byteCount: facts.witness.count, alignment: 16) { buffer in
      memory.read(at: address, into: buffer) == buffer.count
        && facts.witness.elementsEqual(buffer)
    }
  }
}
