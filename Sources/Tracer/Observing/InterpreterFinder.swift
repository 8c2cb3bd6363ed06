internal import ELFImage
internal import LinuxProcess
internal import PythonStack
internal import TraceModel

/// Finds the interpreter of a process in the files that it has mapped.
final class InterpreterFinder {
  private let memory: PagedMemory
  /// What a file says, however many processes map it.
  private var files: [FileStatus: FileFacts] = [:]
  /// Whether files are found by their mappings, which takes CAP_CHECKPOINT_RESTORE.
  private let usesMapFiles: Bool

  init(_ memory: PagedMemory, usesMapFiles: Bool) {
    self.memory = memory
    self.usesMapFiles = usesMapFiles
  }

  /// Where the interpreter of a process is. The memory is the process's.
  func locate(_ process: Int32, _ image: ProcessImage) -> PythonInterpreter.Location {
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

  /// Where the interpreter is by the dynamic linker's list: the quick way. nil where it isn't found.
  private func linkedImage(_ process: Int32, _ image: ProcessImage) -> LoadedImage? {
    var memory = memory
    guard let vector = AuxiliaryVector(process: process),
      let map = LinkMap(
        programHeaders: vector.programHeaders, count: vector.programHeaderCount, memory: &memory)
    else { return nil }
    if let facts = facts("/proc/\(process)/exe", path: image.executable),
      let symbols = facts.symbols
    {
      let program = LoadedImage(path: image.executable, bias: map.programBias, symbols: symbols)
      return isThere(facts, at: program) ? program : nil
    }
    let library = map.first(in: &memory) { path in
      PythonSymbols.isCandidate(path: path, isExecutable: false)
    }
    guard let library else { return nil }
    // A relative path is right as long as nobody has changed the directory or the root; else another
    // file is there, or none.
    let name =
      library.path.hasPrefix("/")
      ? ProcessFacts(process: process).rooted(library.path)
      : "/proc/\(process)/cwd/\(library.path)"
    guard let facts = facts(name, path: library.path), let symbols = facts.symbols else {
      return nil
    }
    let loaded = LoadedImage(path: library.path, bias: library.bias, symbols: symbols)
    return isThere(facts, at: loaded) ? loaded : nil
  }

  /// The same by the mappings, whatever the linker's list is and whatever has become of the files'
  /// names: by map_files where we may, else by name in the process's root, in ours (the kernel tells
  /// a changed root's names by it), and only while the same file has it. With the path of one that
  /// wasn't found.
  private func mappedImages(
    _ process: Int32, _ image: ProcessImage
  ) -> (images: [LoadedImage], missing: String?) {
    guard let maps = contents(of: "/proc/\(process)/maps") else { return ([], nil) }
    // The kernel's word for a file without a name.
    let programs = [image.executable, image.executable + " (deleted)"]
    let candidates = MemoryMappings.beginnings(in: maps) { path in
      PythonSymbols.isCandidate(path: path, isExecutable: programs.contains(path))
    }
    var images: [LoadedImage] = []
    var missing: String?
    for candidate in candidates {
      let start = String(candidate.range.lowerBound, radix: 16)
      let end = String(candidate.range.upperBound, radix: 16)
      let path = candidate.path
      let mapped = usesMapFiles ? ["/proc/\(process)/map_files/\(start)-\(end)"] : []
      let isProgram = programs.contains(path)
      let names =
        isProgram
        ? ["/proc/\(process)/exe"] : [ProcessFacts(process: process).rooted(path), path]
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

  /// What the tracer keeps of a file.
  private struct FileFacts {
    /// nil where there is no interpreter in it.
    let symbols: PythonSymbols?
    /// The bytes that the process has in memory, too, if it is this file that it has mapped.
    let witness: [UInt8]
  }

  private func facts(_ name: String, path: String) -> FileFacts? {
    // Whoever opens a pipe waits for somebody to write.
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

  /// Whether the process has this file mapped there: another may have come to its path meanwhile.
  ///
  /// By what is in memory, not by device and inode: that is one read, where maps has to be made for
  /// us, and holds where stat(2) has other numbers than the mappings (overlayfs, btrfs).
  private func isThere(_ facts: FileFacts, at image: LoadedImage) -> Bool {
    guard let address = image.witnessAddress else { return true }
    return withUnsafeTemporaryAllocation(byteCount: facts.witness.count, alignment: 16) { buffer in
      memory.read(at: address, into: buffer) == buffer.count
        && facts.witness.elementsEqual(buffer)
    }
  }
}
