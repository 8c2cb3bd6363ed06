/// A symbol that a file defines.
package struct ELFSymbol: Hashable, Sendable {
  /// The address in memory before relocation.
  package var address: UInt64
  /// The size in bytes; 0 if the file doesn't say it.
  package var size: UInt64

  package init(address: UInt64, size: UInt64) {
    self.address = address
    self.size = size
  }
}
