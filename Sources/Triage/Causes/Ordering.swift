extension String {
  /// Whether this text comes first in the order of its bytes, which is the same everywhere.
  func precedes(_ other: String) -> Bool {
    utf8.lexicographicallyPrecedes(other.utf8)
  }
}
