/// A 64-bit little-endian ELF file: headers, sections and symbols (ELF-64 object file format 1.5).
///
/// The file comes from a traced program, so nothing in it is trusted: a number that leads beyond
/// the bytes makes an answer nil, never a trap. Except for the headers, nothing is read before it
/// is needed.
///
/// An image lives only during the call of ``withImage(of:_:)`` and can't be kept.
package struct ELFImage: ~Copyable {
  let bytes: ELFBytes
  private let headers: ELFHeaders

  /// Reads the headers of the ELF file in `bytes` and calls `body` with the image.
  package static func withImage<Result>(
    of bytes: RawSpan, _ body: (borrowing ELFImage) -> Result
  ) throws(ELFError) -> Result {
    // `withUnsafeBytes` can't rethrow a typed error, so the closure returns it.
    let outcome = bytes.withUnsafeBytes { buffer -> Swift.Result<Result, ELFError> in
      do throws(ELFError) {
        let bytes = ELFBytes(buffer: buffer)
        return .success(body(ELFImage(try ELFHeaders(of: bytes), of: bytes)))
      } catch {
        return .failure(error)
      }
    }
    return try outcome.get()
  }

  private init(_ headers: ELFHeaders, of bytes: ELFBytes) {
    self.bytes = bytes
    self.headers = headers
  }

  /// The program headers, in the file's order.
  package var segments: [ELFSegment] {
    headers.segments
  }

  /// The number of section headers; 0 if the file has none or they lie beyond its end.
  package var sectionCount: Int {
    headers.sectionCount
  }

  /// The address that the file's first byte would have in memory, before relocation; nil if nothing
  /// is loaded.
  ///
  /// The difference to the first byte's address in a process is the bias of all the file's
  /// addresses.
  package var firstLoadAddress: UInt64? {
    segments.first { $0.kind == .load }.map { ($0.address &- $0.fileOffset) & ~0xfff }
  }

  /// The section at `index`; nil if there is none.
  package func section(_ index: Int) -> ELFSection? {
    guard index >= 0, index < sectionCount else { return nil }
    return ELFSection(at: headers.sectionHeaders + UInt64(index) * ELFSection.headerSize, in: bytes)
  }

  /// The first section of that kind.
  package func section(of kind: ELFSection.Kind) -> ELFSection? {
    for index in 0..<sectionCount {
      if let section = section(index), section.kind == kind {
        return section
      }
    }
    return nil
  }

  /// The first section with that name.
  package func section(named name: String) -> ELFSection? {
    guard let sectionNames = headers.sectionNames else { return nil }
    var name = name
    return name.withUTF8 { name in
      for index in 0..<sectionCount {
        guard let section = section(index) else { continue }
        let (start, isBeyond) = sectionNames.fileOffset.addingReportingOverflow(
          UInt64(section.nameOffset))
        if !isBeyond, bytes.isString(at: start, name) {
          return section
        }
      }
      return nil
    }
  }

  /// The name of a section of this file; nil if it is longer than 255 bytes.
  package func name(of section: ELFSection) -> String? {
    guard let sectionNames = headers.sectionNames else { return nil }
    let (start, isBeyond) = sectionNames.fileOffset.addingReportingOverflow(
      UInt64(section.nameOffset))
    return isBeyond ? nil : bytes.string(at: start, limit: 255)
  }

  /// The offset in the file of the byte that is loaded to `address`.
  package func fileOffset(ofAddress address: UInt64) -> UInt64? {
    for segment in segments {
      if let offset = segment.fileOffset(ofAddress: address) {
        return offset
      }
    }
    return nil
  }
}
