/// A source whose beginning was read already. If nothing follows, that is all of it.
package final class PrefixedSource: ByteSource {
  private var prefix: ArraySlice<UInt8>
  private let rest: (any ByteSource)?

  package init(_ prefix: [UInt8], then rest: (any ByteSource)? = nil) {
    self.prefix = prefix[...]
    self.rest = rest
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    if prefix.isEmpty { return try rest?.read(into: buffer) ?? 0 }
    let part = prefix.prefix(buffer.count)
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    prefix = prefix.dropFirst(part.count)
    return part.count
  }
}
