// Reads hostile bytes as UTF-16, and compares the text with what Swift makes of it.
@testable import Input

/// libFuzzer calls this for each input. The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = Array(UnsafeRawBufferPointer(start: start, count: count))
  guard let first = input.first else { return 0 }
  let bytes = Array(input.dropFirst())
  guard UTF16Source.isBeginning(bytes) else { return 0 }
  let text = text(bytes)
  precondition(read(bytes, piece: 1 << 16) == text)
  precondition(read(bytes, piece: Int(first) + 1) == text)
  return 0
}

private func text(_ bytes: [UInt8]) -> [UInt8] {
  let isBig = bytes[0] == 0xfe
  let units = (1..<(bytes.count / 2)).map { index in
    let (first, second) = (UInt16(bytes[2 * index]), UInt16(bytes[2 * index + 1]))
    return isBig ? first << 8 | second : second << 8 | first
  }
  let end = bytes.count.isMultiple(of: 2) ? "" : "\u{FFFD}"
  return Array((String(decoding: units, as: UTF16.self) + end).utf8)
}

/// A source that gives a few bytes at once.
private final class Pieces: ByteSource {
  private var rest: ArraySlice<UInt8>
  private let piece: Int

  init(_ bytes: [UInt8], _ piece: Int) {
    rest = bytes[...]
    self.piece = piece
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    let part = rest.prefix(min(piece, buffer.count))
    part.withUnsafeBytes { buffer.copyMemory(from: $0) }
    rest = rest.dropFirst(part.count)
    return part.count
  }
}

private func read(_ bytes: [UInt8], piece: Int) -> [UInt8] {
  var result: [UInt8] = []
  let source = UTF16Source(Pieces(bytes, piece), beginning: bytes)
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
  defer { buffer.deallocate() }
  while let count = try? source.read(into: buffer), count > 0 { result += buffer[..<count] }
  return result
}
