/// What was found out about places in code, by the addresses that ``NativeImage`` gives: it holds for
/// each process that has mapped the file.
struct PlaceCache {
  /// What a place is.
  struct Place {
    /// nil where no symbol covers it.
    var symbol: String?
    /// From the symbol's beginning; without a symbol from the file's address 0.
    var offset: UInt64
    /// Whether the kernel put the frame here for a signal handler to return to: the next frame was
    /// interrupted, and not left by a call.
    var isSignalReturn = false
  }

  /// More places than the stacks of a run go through; about 100 bytes each.
  private static let limit = 16384

  private var places: [UInt64: Place] = [:]

  init() {
    places.reserveCapacity(1024)
  }

  /// What is at the address itself, or at the call before it where that isn't `isExact`.
  subscript(address: UInt64, isExact isExact: Bool) -> Place? {
    get { places[Self.key(address, isExact)] }
    set {
      if places.count >= Self.limit { places.removeAll(keepingCapacity: true) }
      places[Self.key(address, isExact)] = newValue
    }
  }

  private static func key(_ address: UInt64, _ isExact: Bool) -> UInt64 {
    isExact ? address | 1 << 63 : address
  }

  mutating func removeAll() {
    places.removeAll(keepingCapacity: true)
  }
}
