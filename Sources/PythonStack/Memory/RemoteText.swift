internal import Bytes
import ELFImage

extension StructureOffsets {
  /// The longest text that is read, in characters. Names of files and functions are far shorter, so
  /// a larger number is damaged.
  static let longestText: UInt64 = 65_536

  /// The text of the `str` object at `address`; nil if it is unreadable or isn't a `str`.
  ///
  /// Lone surrogates stand for undecodable bytes in file names, and are kept as such bytes.
  func text(at address: UInt64, in memory: inout some MemoryReader) -> String? {
    // The first read fetches the header and as much as most names need, within one page if
    // possible.
    let toPageEnd = 4096 - Int(address & 4095)
    let limit = toPageEnd >= 96 ? min(toPageEnd, RemoteRecord.capacity) : RemoteRecord.capacity
    guard let head = RemoteRecord(at: address, upTo: limit, in: &memory) else { return nil }
    guard let text else {
      guard let size = head.word(bytes.size) else { return nil }
      return characters(size, .utf8, headerSize: bytes.data, at: address, head, in: &memory)
    }
    guard
      let length = head.word(text.length),
      let state: UInt32 = head.integer(at: text.state),
      let encoding = TextEncoding(state: state, text)
    else { return nil }
    if state & text.compactMask != 0 {
      let size = state & text.asciiMask != 0 ? text.asciiSize : text.compactSize
      return characters(length, encoding, headerSize: size, at: address, head, in: &memory)
    }
    guard
      length <= Self.longestText, let data = head.word(text.compactSize),
      let bytes = memory.bytes(at: data, count: Int(length) * encoding.width)
    else { return nil }
    return bytes.withUnsafeBytes(encoding.decode)
  }

  private func characters(
    _ length: UInt64, _ encoding: TextEncoding, headerSize: Int, at address: UInt64,
    _ head: RemoteRecord, in memory: inout some MemoryReader
  ) -> String? {
    guard length <= Self.longestText else { return nil }
    let size = Int(length) * encoding.width
    if let string = head.withBytes(headerSize, size, encoding.decode) {
      return string
    }
    return memory.bytes(at: address &+ UInt64(headerSize), count: size)?
      .withUnsafeBytes(encoding.decode)
  }
}
