import ELFImage
import TraceModel

extension DebugOffsets {
  /// The interpreter that the process describes, if its version was measured or passes the trial.
  func interpreter(
    runtime: UInt64, in memory: inout some MemoryReader
  ) -> PythonInterpreter.Location {
    let name = isFreeThreaded ? "free-threaded CPython" : "CPython"
    let isKnown = DebugOffsetsLayout.measured(major: version.major, minor: version.minor) != nil
    let unsupported = PythonInterpreter.Location.unsupported(
      "no offsets for \(isKnown && !isRelease ? "a pre-release of " : "")\(name) "
        + "\(version.major).\(version.minor)")
    // A version newer than the newest that was measured is tried with the newest layout.
    let newest = DebugOffsetsLayout.newestMinor
    guard version.major == 3, version.minor <= newest + Self.plausibleLead, isPossible else {
      return unsupported
    }
    if isKnown && isRelease {
      return described(as: version.minor, runtime: runtime) ?? unsupported
    }
    return tried(as: min(version.minor, newest), runtime: runtime, in: &memory)
      .map { .found($0) } ?? unsupported
  }

  /// The interpreter that the process describes, read with the layout and the table of a minor
  /// version; nil if it doesn't pass the trial.
  func tried(
    as minor: Int, runtime: UInt64, in memory: inout some MemoryReader
  ) -> PythonInterpreter? {
    guard let layout = DebugOffsetsLayout.measured(major: 3, minor: minor),
      case .found(let interpreter) = described(as: minor, runtime: runtime),
      OffsetTrial(debugOffsets: self, layout: layout).passes(interpreter, in: &memory)
    else { return nil }
    return interpreter
  }

  /// How much newer than the newest measured minor version a version may be: one comes each year.
  private static let plausibleLead = 20

  /// Whether it is a final release. The low byte of `PY_VERSION_HEX` is the level (0xa, 0xb, 0xc or
  /// 0xf for a final release) and a serial number.
  private var isRelease: Bool {
    number & 0xf0 == 0xf0
  }

  private var isPossible: Bool {
    number <= UInt32.max && [0xa0, 0xb0, 0xc0, 0xf0].contains(number & 0xf0)
  }

  /// The interpreter that the process describes; nil if there is no table for the minor version.
  private func described(as minor: Int, runtime: UInt64) -> PythonInterpreter.Location? {
    let variant: StructureOffsets.Variant = isFreeThreaded ? .freeThreaded : .ordinary
    guard
      let layout = DebugOffsetsLayout.measured(major: 3, minor: minor),
      let measured = StructureOffsets.measured(major: 3, minor: minor, variant: variant)
    else { return nil }
    guard
      let offsets = OffsetOverlay(debugOffsets: self, layout: layout).replacing(measured),
      let head = offsets.runtimeInterpreters
    else {
      return .unsupported("CPython \(version) describes itself by impossible offsets")
    }
    return .found(
      PythonInterpreter(
        version: version, root: .interpreters(at: runtime &+ UInt64(head)), offsets: offsets))
  }
}
