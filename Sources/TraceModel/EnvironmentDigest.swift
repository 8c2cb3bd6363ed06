internal import Bytes

/// A number that differs for different environments and holds no word of what is in them.
///
/// The sum of a hash of each variable: their order doesn't matter. Variables that change by
/// themselves from one process to the next are left out: shells and make count in them, or keep
/// their folder there.
package struct EnvironmentDigest: Hashable, Sendable {
  package var rawValue: UInt64

  package init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  /// - Parameter block: `NAME=VALUE` entries, each with a NUL behind it (`/proc/PID/environ`,
  ///   proc(5)).
  package init(block: some Collection<UInt8>) {
    rawValue = 0
    for entry in block.split(separator: 0) { add(entry) }
  }

  /// - Parameter entries: `NAME=VALUE` each.
  package init(entries: some Sequence<String>) {
    rawValue = 0
    for entry in entries { add(entry.utf8) }
  }

  private mutating func add(_ entry: some Collection<UInt8>) {
    guard !Self.isIgnored(entry) else { return }
    var hash = FNV1a64(entry).value
    // Sums of hashes that are close to each other would collide.
    hash ^= hash >> 32
    rawValue &+= hash &* 0x9E37_79B9_7F4A_7C15
  }

  /// Returns the names of the variables in `block` that `other` doesn't have with the same value,
  /// sorted, without those that change by themselves.
  package static func names(in block: [UInt8], missingIn other: [UInt8]) -> [String] {
    let known = Set(other.split(separator: 0))
    return block.split(separator: 0).filter { !known.contains($0) && !isIgnored($0) }
      .map { String(decoding: $0.prefix { $0 != UInt8(ascii: "=") }, as: UTF8.self) }.sorted()
  }

  private static func isIgnored(_ entry: some Collection<UInt8>) -> Bool {
    ignored.contains { entry.starts(with: $0) }
  }

  private static let ignored: [[UInt8]] = [
    "_", "SHLVL", "PWD", "OLDPWD", "MAKELEVEL", "MAKEFLAGS", "MFLAGS",
  ].map { Array(($0 + "=").utf8) }
}

extension EnvironmentDigest: CustomStringConvertible {
  /// 16 hexadecimal digits.
  package var description: String {
    rawValue.zeroPadded(to: 16, radix: 16)
  }

  package init?(_ description: some StringProtocol) {
    guard let value = UInt64(description, radix: 16) else { return nil }
    rawValue = value
  }
}
