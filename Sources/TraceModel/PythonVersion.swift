/// A CPython version, as far as it is known.
package struct PythonVersion: Hashable, Comparable, Sendable, CustomStringConvertible {
  package var major: Int
  package var minor: Int
  /// The third number; nil if only the file's name shows the version.
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

extension PythonVersion {
  /// The version in the name of a program or a library: `python3.12`, `libpython2.7.so.1.0`.
  package init?(fileName: Substring) {
    let name = fileName.utf8
    let word = "python".utf8
    guard let start = name.indices.first(where: { name[$0...].starts(with: word) }) else {
      return nil
    }
    let numbers = name[start...].dropFirst(word.count)
      .split(separator: UInt8(ascii: "."), maxSplits: 2, omittingEmptySubsequences: false)
      .map { Int(Substring($0.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })) }
    guard numbers.count >= 2, let major = numbers[0], let minor = numbers[1] else { return nil }
    self.init(major: major, minor: minor)
  }
}
