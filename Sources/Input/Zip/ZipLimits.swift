/// What an archive may unpack to. A larger one isn't read at all.
package struct ZipLimits: Hashable, Sendable {
  /// How many bytes all members may have together.
  package var unpackedSize = 1 << 30
  package var members = 10_000

  package init() {}

  /// The error of an archive that unpacks to more.
  package var tooLarge: InputError {
    let size =
      unpackedSize >= 1 << 30 ? "\(unpackedSize >> 30) GiB" : "\(unpackedSize) bytes"
    return .refused("the archive unpacks to more than \(size)")
  }

  /// The error of an archive with more members.
  package var tooMany: InputError {
    .refused("the archive has more than \(members) members")
  }
}
