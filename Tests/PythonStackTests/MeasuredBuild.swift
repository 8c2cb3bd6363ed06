import TraceModel

@testable import PythonStack

/// A version in one variant, with its measured offsets.
struct MeasuredBuild: Sendable {
  var version: PythonVersion
  var variant: StructureOffsets.Variant
  var offsets: StructureOffsets

  /// All builds with measured offsets.
  static let all: [MeasuredBuild] =
    ([(2, 7)] + (0...20).map { (3, $0) }).flatMap { major, minor in
      [StructureOffsets.Variant.ordinary, .tracedReferences, .freeThreaded].compactMap { variant in
        StructureOffsets.measured(major: major, minor: minor, variant: variant).map {
          MeasuredBuild(
            version: PythonVersion(major: major, minor: minor), variant: variant, offsets: $0)
        }
      }
    }

  static let python38 = all.first { $0.version.minor == 8 } ?? all[0]
  static let python312 = all.first { $0.version.minor == 12 } ?? all[0]
  static let python314 = all.first { $0.version.minor == 14 } ?? all[0]
}
