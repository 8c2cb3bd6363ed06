import ELFImage
import TraceModel

/// `_Py_DebugOffsets`: a process's description of its own structures, from 3.13 on, at the
/// beginning of `_PyRuntime`. Its own layout differs in each minor version.
struct DebugOffsets {
  /// The most bytes that are read of the description; that of 3.15 has 888.
  private static let limit = 1024

  /// What was found at the beginning of `_PyRuntime`.
  enum Reading {
    case present(DebugOffsets)
    /// Something else, so the version is older.
    case absent
    case unreadable
  }

  private let bytes: [UInt8]
  /// `PY_VERSION_HEX`.
  let number: UInt64
  let version: PythonVersion
  let isFreeThreaded: Bool

  /// Reads the description at the beginning of `_PyRuntime`.
  static func read(at runtime: UInt64, in memory: inout some MemoryReader) -> Reading {
    guard let cookie: UInt64 = memory.integer(at: runtime) else { return .unreadable }
    // "xdebugpy"
    guard cookie == 0x7970_6775_6265_6478 else { return .absent }
    guard
      let version: UInt64 = memory.integer(at: runtime &+ 8),
      let isFreeThreaded: UInt64 = memory.integer(at: runtime &+ 16),
      let bytes = memory.bytes(at: runtime, count: limit)
    else { return .unreadable }
    return .present(
      DebugOffsets(
        bytes: bytes, number: version,
        version: PythonVersion(hex: UInt32(truncatingIfNeeded: version)),
        isFreeThreaded: isFreeThreaded != 0))
  }

  /// The offset at `position`; nil if it is larger than `limit`.
  func value(_ position: Int, limit: UInt64) -> Int? {
    guard position >= 0, position <= bytes.count - 8 else { return nil }
    let value = bytes.withUnsafeBytes {
      UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: position, as: UInt64.self))
    }
    return value <= limit ? Int(value) : nil
  }
}
