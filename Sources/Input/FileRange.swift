/// A part of a file, read from its beginning to its end.
package final class FileRange: ByteSource {
  private let file: PositionedFile
  private var position: Int
  private let end: Int

  /// The whole file, with what is appended meanwhile.
  package convenience init(_ file: PositionedFile) {
    self.init(file, 0..<Int.max)
  }

  init(_ file: PositionedFile, _ range: Range<Int>) {
    self.file = file
    position = range.lowerBound
    end = range.upperBound
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(InputError) -> Int {
    let count = min(buffer.count, end - position)
    guard count > 0 else { return 0 }
    let got = try file.read(
      into: UnsafeMutableRawBufferPointer(rebasing: buffer[..<count]), at: position)
    position += got
    return got
  }
}
