/// A CPython version, as far as it is known.
package struct PythonVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var major: Int
  package var minor: Int
  /// The third number; nil where only the file's name told the version.
  package var micro: Int?

  package init(major: Int, minor: Int, micro: Int? = nil) {
    self.major = major
    self.minor = minor
    self.micro = micro
  }

  /// A version from `PY_VERSION_HEX` (CPython, Include/patchlevel.h): 0xMMmmuuLS.
  package init(hex: UInt32) {
    self.init(
      major: Int(hex >> 24), minor: Int(hex >> 16 & 0xff), micro: Int(hex >> 8 & 0xff))
  }

  package var description: String {
    micro.map { "\(major).\(minor).\($0)" } ?? "\(major).\(minor)"
  }

  package static func < (left: PythonVersion, right: PythonVersion) -> Bool {
    (left.major, left.minor, left.micro ?? 0) < (right.major, right.minor, right.micro ?? 0)
  }
}
