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

  /// Where in the process something is that has this address in the file.
  func address(_ unrelocated: UInt64) -> UInt64 {
    unrelocated &+ lowestMapping &- symbols.firstLoadAddress
  }
}
