package import TraceModel

/// The interpreter of a process: the address of its state, and the layout of its structures.
///
/// It is valid until the process executes another program, and for children of a fork, too.
package struct PythonInterpreter: Sendable {
  /// The variable from which the list of interpreter states is found.
  enum Root: Hashable, Sendable {
    /// A pointer to the newest interpreter state.
    case interpreters(at: UInt64)
    /// A pointer to the thread state that holds the GIL, which is all that stripped builds up to
    /// 3.6 export; `variables` are those among which the list of interpreters begins.
    case currentThreadState(at: UInt64, variables: Range<UInt64> = 0..<0)
  }

  /// The version, with its third number if the process or the file says it.
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

  /// The result of looking for an interpreter.
  package enum Location: Sendable {
    case found(PythonInterpreter)
    /// There is an interpreter, but its stacks can't be read. The reason can stand in a report.
    case unsupported(String)
    /// The process doesn't run CPython, or not yet.
    case none
  }
}
