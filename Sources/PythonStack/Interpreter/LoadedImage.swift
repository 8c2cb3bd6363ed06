/// A file with an interpreter in it, as it is mapped into a process.
package struct LoadedImage: Sendable {
  package var path: String
  /// Where the file's first byte is mapped.
  package var lowestMapping: UInt64
  package var symbols: PythonSymbols

  package init(path: String, lowestMapping: UInt64, symbols: PythonSymbols) {
    self.path = path
    self.lowestMapping = lowestMapping
    self.symbols = symbols
  }

  /// The same from what was added to the file's addresses.
  package init(path: String, bias: UInt64, symbols: PythonSymbols) {
    self.init(
      path: path, lowestMapping: bias &+ symbols.firstLoadAddress, symbols: symbols)
  }

  /// Where in the process the file's witness is; nil where it has none.
  package var witnessAddress: UInt64? {
    symbols.witness.map { address($0.address) }
  }

  /// Where in the process something is that has this address in the file.
  func address(_ unrelocated: UInt64) -> UInt64 {
    unrelocated &+ lowestMapping &- symbols.firstLoadAddress
  }

  /// The same of a range; an empty one where it would lie beyond all addresses.
  func range(_ unrelocated: Range<UInt64>) -> Range<UInt64> {
    let start = address(unrelocated.lowerBound)
    let (end, isBeyond) = start.addingReportingOverflow(
      unrelocated.upperBound - unrelocated.lowerBound)
    return isBeyond ? start..<start : start..<end
  }
}
