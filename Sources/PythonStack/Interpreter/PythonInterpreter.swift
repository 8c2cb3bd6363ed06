package import ELFImage
package import TraceModel

/// The interpreter of a process: where its state begins, and how it is read.
///
/// It holds until the process executes another program; a child of a fork has it in the same place.
package struct PythonInterpreter: Sendable {
  /// Where the list of interpreter states is found.
  enum Root: Hashable, Sendable {
    /// A pointer to the newest interpreter state.
    case interpreters(at: UInt64)
    /// A pointer to the thread state that holds the GIL: all that stripped builds up to 3.6 have, and
    /// the variables among which the list of interpreters begins.
    case currentThreadState(at: UInt64, variables: Range<UInt64> = 0..<0)
  }

  /// With the third number where the process or the file tells it.
  package let version: PythonVersion
  let root: Root
  let offsets: StructureOffsets
  let lineTableFormat: LineTable.Format

  init(version: PythonVersion, root: Root, offsets: StructureOffsets) {
    self.version = version
    self.root = root
    self.offsets = offsets
    self.lineTableFormat =
      if version.major == 2 {
        .deltas(isSigned: false)
      } else if version.minor < 10 {
        .deltas(isSigned: true)
      } else if version.minor == 10 {
        .ranges
      } else {
        .locations
      }
  }

  /// What looking for an interpreter led to.
  package enum Location: Sendable {
    case found(PythonInterpreter)
    /// There is one, and its stacks can't be read; with a reason that can stand in a report.
    case unsupported(String)
    /// The process runs no CPython, or none yet.
    case none
  }

  /// Finds the interpreter in the files that are mapped into a process.
  ///
  /// - Parameters:
  ///   - images: The mapped files in which there are symbols of an interpreter.
  ///   - executable: The path of the process's program, whose name may tell the version.
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
    // From 3.13 on the process tells its offsets itself; one that doesn't is no ordinary one.
    guard
      (version.major, version.minor) < (3, 13),
      let offsets = StructureOffsets.row(
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

  /// The version, from the surest source that there is.
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
    // The size differs between the minor versions that have no `Py_Version`, and not within one
    // (x86_64; from 3.7.4 on).
    switch image.symbols.runtimeSize {
    case 1520: return PythonVersion(major: 3, minor: 7)
    case 1464: return PythonVersion(major: 3, minor: 8)
    case 656: return PythonVersion(major: 3, minor: 9)
    case 672: return PythonVersion(major: 3, minor: 10)
    default: return PythonVersion(fileName: executable.lastPathComponent)
    }
  }
}
