package import ELFImage
internal import TraceModel

extension PythonInterpreter {
  /// Finds the interpreter in the files that are mapped into a process.
  ///
  /// - Parameters:
  ///   - images: The mapped files that contain symbols of an interpreter.
  ///   - executable: The path of the process's program; its name may contain the version.
  ///   - memory: The process's memory.
  package static func locate(
    in images: [LoadedImage], executable: String, memory: inout some MemoryReader
  ) -> Location {
    var problem: String?
    for image in images {
      switch locate(in: image, executable: executable, memory: &memory) {
      case .found(let interpreter): return .found(interpreter)
      case .unsupported(let reason): problem = problem ?? reason
      case .none: break
      }
    }
    return problem.map(Location.unsupported) ?? .none
  }

  private static func locate(
    in image: LoadedImage, executable: String, memory: inout some MemoryReader
  ) -> Location {
    let symbols = image.symbols
    if let runtime = symbols.runtime.map(image.address) {
      switch DebugOffsets.read(at: runtime, in: &memory) {
      case .absent: break
      case .unreadable: return .unsupported("Python's state can't be read")
      case .present(let offsets): return offsets.interpreter(runtime: runtime, in: &memory)
      }
    }
    guard let version = version(of: image, executable: executable, memory: &memory) else {
      return .unsupported("a Python of unknown version")
    }
    let variant: StructureOffsets.Variant =
      symbols.isTracingReferences ? .tracedReferences : .ordinary
    // From 3.13 on a process describes its own offsets. One that doesn't isn't an ordinary CPython.
    guard
      (version.major, version.minor) < (3, 13),
      let offsets = StructureOffsets.measured(
        major: version.major, minor: version.minor, variant: variant)
    else { return .unsupported("no offsets for CPython \(version)") }

    let root: Root? =
      if let head = offsets.runtimeInterpreters {
        symbols.runtime.map { .interpreters(at: image.address($0) &+ UInt64(head)) }
      } else if let head = symbols.interpreterHead {
        .interpreters(at: image.address(head))
      } else {
        symbols.currentThreadState.map { current in
          .currentThreadState(
            at: image.address(current), variables: symbols.variables.map(image.range) ?? 0..<0)
        }
      }
    guard let root else {
      return .unsupported("CPython \(version) without the symbols of its state")
    }
    return .found(PythonInterpreter(version: version, root: root, offsets: offsets))
  }

  /// The version, from the most reliable source that there is.
  private static func version(
    of image: LoadedImage, executable: String, memory: inout some MemoryReader
  ) -> PythonVersion? {
    if let address = image.symbols.version.map(image.address),
      let number: UInt32 = memory.integer(at: address), number >> 24 == 3
    {
      return PythonVersion(hex: number)
    }
    if let version = PythonVersion(fileName: image.path.lastPathComponent) {
      return version
    }
    if let minor = image.symbols.runtimeSize.flatMap({ Architecture.minorsByRuntimeSize[$0] }) {
      return PythonVersion(major: 3, minor: minor)
    }
    return PythonVersion(fileName: executable.lastPathComponent)
  }
}
