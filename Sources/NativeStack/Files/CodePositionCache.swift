/// The cached meaning of positions in code, by the addresses that ``NativeImage`` assigns. It holds
/// for each process that has mapped the file.
struct CodePositionCache {
  /// The meaning of one position.
  struct Position {
    /// The symbol that covers the position; nil if none does.
    var symbol: String?
    /// The distance from the symbol's beginning; without a symbol, from the file's address 0.
    var offset: UInt64
    /// Whether this is the code that the kernel makes a signal handler return to. The next frame
    /// was then interrupted, and not left by a call.
    var isSignalReturn = false
  }

  /// The most positions that are kept: more than the stacks of a run contain. Each takes about 100
  /// bytes.
  private static let limit = 16384

  private var positions: [UInt64: Position] = [:]

  init() {
    positions.reserveCapacity(1024)
  }

  /// The position at the address itself if `isExact`, otherwise at the call before it.
  subscript(address: UInt64, isExact isExact: Bool) -> Position? {
    get { positions[Self.key(address, isExact)] }
    set {
      if positions.count >= Self.limit { positions.removeAll(keepingCapacity: true) }
      positions[Self.key(address, isExact)] = newValue
    }
  }

  private static func key(_ address: UInt64, _ isExact: Bool) -> UInt64 {
    isExact ? address | 1 << 63 : address
  }

  mutating func removeAll() {
    positions.removeAll(keepingCapacity: true)
  }
}
