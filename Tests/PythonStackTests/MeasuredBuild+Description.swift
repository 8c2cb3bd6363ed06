import Testing

@testable import PythonStack

extension MeasuredBuild: CustomTestStringConvertible {
  var testDescription: String {
    "\(version) \(variant)"
  }
}

extension MeasuredBuild {
  /// `describedOffsets` of a version that has some.
  func debugOffsets(
    hex: UInt64, change: (inout [UInt8], DebugOffsetsLayout) -> Void = { _, _ in }
  ) throws -> [UInt8] {
    let bytes = describedOffsets(hex: hex, change: change)
    return try #require(bytes)
  }
}
