// Reads hostile bytes as a zip archive. Nothing may trap, no member may have more bytes than the archive says,
// and bytes in other pieces must be read in the same way.
@testable import Input

/// libFuzzer calls this for each input. The first byte is the size of the pieces.
@_cdecl("LLVMFuzzerTestOneInput")
func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let input = UnsafeRawBufferPointer(start: start, count: count)
  guard let first = input.first else { return 0 }
  guard
    let file = try? PositionedFile(copying: PrefixedSource(Array(input.dropFirst())), atMost: count)
  else { return 0 }
  read(file, piece: Int(first) + 1, depth: 0)
  return 0
}

private func read(_ file: PositionedFile, piece: Int, depth: Int) {
  var limits = ZipLimits()
  limits.unpackedSize = 1 << 20
  limits.members = 50
  guard let archive = try? ZipArchive(file, limits: limits) else { return }
  precondition(archive.members.count <= limits.members)
  precondition(archive.members.reduce(0) { $0 + $1.size } <= archive.unpackedSize)
  precondition(archive.unpackedSize <= limits.unpackedSize)
  precondition(Set(archive.members.map(\.name)).count == archive.members.count)
  for member in archive.members {
    let whole = contents(member, file, piece: 1 << 16)
    precondition(whole.bytes.count <= member.size)
    let pieces = contents(member, file, piece: piece)
    // Of a damaged member one may get further than the other.
    if whole.error == nil || pieces.error == nil { precondition(whole == pieces) }
    if depth == 0, let inner = try? member.file(in: file) { read(inner, piece: piece, depth: 1) }
  }
}

private struct Contents: Equatable {
  var bytes: [UInt8] = []
  var error: InputError?
}

private func contents(_ member: ZipMember, _ file: PositionedFile, piece: Int) -> Contents {
  var result = Contents()
  let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: piece, alignment: 1)
  defer { buffer.deallocate() }
  do {
    let source = try member.open(in: file)
    while true {
      let count = try source.read(into: buffer)
      if count == 0 { return result }
      result.bytes += buffer[..<count]
    }
  } catch {
    result.error = error
    return result
  }
}
