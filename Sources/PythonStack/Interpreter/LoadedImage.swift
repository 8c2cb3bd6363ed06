/// A file with an interpreter in it, as a process has mapped it.
package struct LoadedImage: Sendable {
  package var path: String
  /// The address to which the file's first byte is mapped.
  package var lowestMapping: UInt64
  package var symbols: PythonSymbols

  package init(path: String, lowestMapping: UInt64, symbols: PythonSymbols) {
    self.path = path
    self.lowestMapping = lowestMapping
    self.symbols = symbols
  }

  /// Makes the same from the bias: the number that was added to the file's addresses.
  package init(path: String, bias: UInt64, symbols: PythonSymbols) {
    self.init(
      path: path, lowestMapping: bias &+ symbols.firstLoadAddress, symbols: symbols)
  }

  /// The address of the file's witness in the process; nil if the file has none.
  package var witnessAddress: UInt64? {
    symbols.witness.map { address($0.address) }
  }

  /// The address in the process for an address in the file.
  func address(_ unrelocated: UInt64) -> UInt64 {
    unrelocated &+ lowestMapping &- symbols.firstLoadAddress
  }

  /// The range in the process for a range in the file; an empty one if it would overflow.
  func range(_ unrelocated: Range<UInt64>) -> Range<UInt64> {
    let start = address(unrelocated.lowerBound)
    let (end, isBeyond) = start.addingReportingOverflow(
      unrelocated.upperBound - unrelocated.lowerBound)
    return isBeyond ? start..<start : start..<end
  }
}
