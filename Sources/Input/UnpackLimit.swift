internal import Synchronization

/// What compressed inputs may unpack to.
package struct UnpackLimit: Sendable {
  /// How many bytes one input may have.
  package var size = 1 << 30
  /// Whether the user has given the size: then it alone counts.
  package var isGiven = false
  /// What the members of an archive share; nil for an input of its own.
  package var archive: UnpackBudget?

  /// Text as recordings and logs have it is compressed to a fiftieth at best; gzip can reach a
  /// thousandth, with one byte again and again. Nothing smaller than `suspicious` is refused for it.
  static let ratio = 200
  static let suspicious = 64 << 20

  package init() {}

  package init(size: Int) {
    self.size = size
    isGiven = true
  }

  /// Returns the error if too much was unpacked from so many bytes.
  func error(unpacked: Int, packed: Int) -> InputError? {
    if unpacked > size {
      return .refused("it unpacks to more than \(Self.text(size)); \(Self.remedy)")
    }
    return isSuspicious(unpacked: unpacked, packed: packed)
      ? .refused(
        "it unpacks to more than \(Self.ratio) times its size, as no recording does; \(Self.remedy)"
      )
      : nil
  }

  func isSuspicious(unpacked: Int, packed: Int) -> Bool {
    !isGiven && unpacked > Self.suspicious && unpacked / Self.ratio > packed
  }

  static let remedy = "--max-unpacked SIZE allows more"

  /// `1 GiB`, `100 bytes`
  static func text(_ size: Int) -> String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
    where size >= 1 << shift && size & (1 << shift - 1) == 0 {
      return "\(size >> shift) \(unit)"
    }
    return "\(size) bytes"
  }
}

/// What the compressed members of one archive have unpacked to together. Each may be small, and there
/// may be many.
package final class UnpackBudget: Sendable {
  private let packed: Int
  private let unpacked = Mutex(0)

  /// - Parameter packed: The size of the archive.
  package init(packed: Int) {
    self.packed = packed
  }

  func add(_ count: Int, _ limit: UnpackLimit) -> InputError? {
    let unpacked = unpacked.withLock { unpacked in
      unpacked &+= count
      return unpacked
    }
    return limit.isSuspicious(unpacked: unpacked, packed: packed)
      ? .refused(
        "the archive unpacks to more than \(UnpackLimit.ratio) times its size; \(UnpackLimit.remedy)"
      )
      : nil
  }
}
