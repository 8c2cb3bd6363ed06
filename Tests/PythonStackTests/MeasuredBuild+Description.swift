import Testing

@testable import PythonStack

extension Row: CustomTestStringConvertible {
  var testDescription: String {
    "\(version) \(variant)"
  }
}

extension Row {
  /// `describedOffsets` of a version that has some.
  func debugOffsets(
    hex: UInt64, change: (inout [UInt8], DebugOffsetsLayout) -> Void = { _, _ in }
  ) throws -> [UInt8] {
    let bytes = describedOffsets(hex: hex, change: change)
    return try #require(bytes)
  }
}
