/// What an archive may unpack to. A larger one isn't read at all.
package struct ZipLimits: Hashable, Sendable {
  /// How many bytes all members may have together.
  package var unpackedSize = 1 << 30
  package var members = 10_000

  /// Whether the user has given the size: then an archive may be compressed as well as it likes.
  package var isGiven = false

  package init() {}

  package init(_ limit: UnpackLimit) {
    unpackedSize = limit.size
    isGiven = limit.isGiven
  }

  /// Returns the error of an archive that unpacks to so many bytes; nil if it may.
  func error(unpacked: Int, packed: Int) -> InputError? {
    if unpacked > unpackedSize { return tooLarge }
    var limit = UnpackLimit(size: unpackedSize)
    limit.isGiven = isGiven
    return limit.isSuspicious(unpacked: unpacked, packed: packed) ? tooWellCompressed : nil
  }

  /// The error of an archive whose members are hardly what jobs leave behind.
  package var tooWellCompressed: InputError {
    .refused(
      "the archive unpacks to more than \(UnpackLimit.ratio) times its size; \(UnpackLimit.remedy)")
  }

  /// The error of an archive that unpacks to more.
  package var tooLarge: InputError {
    .refused(
      "the archive unpacks to more than \(UnpackLimit.text(unpackedSize)); \(UnpackLimit.remedy)")
  }

  /// The error of an archive with more members.
  package var tooMany: InputError {
    .refused("the archive has more than \(members) members")
  }
}
