internal import CLibunwind
internal import ELFImage

/// What stacks need of one ELF file, whatever process maps it; the file itself isn't needed any more.
final class NativeImage {
  /// Where the file's address 0 is among the addresses that libunwind is told.
  let base: UInt64
  let functions: ELFFunctionTable
  /// nil where the file has none.
  let unwindIndex: ELFUnwindIndex?
  /// The bytes at the index and behind it: see ``UnwindBytes``. Never changed, so that libunwind may
  /// read them where they are.
  let tableBytes: UnsafeRawBufferPointer
  /// Whether code of the file may be what a signal handler returns to.
  let mayReturnFromSignals: Bool
  /// PT_LOAD, in the file's order.
  private let segments: [ELFSegment]

  /// nil where the bytes are no ELF file of a 64-bit little-endian machine.
  ///
  /// - Parameter number: Another one for each image, from 0.
  init?(_ bytes: RawSpan, number: Int) {
    guard let base = Self.base(number) else { return nil }
    self.base = base
    let parts = try? ELFImage.withImage(of: bytes) { image in
      (
        functions: image.functions, table: UnwindBytes(of: image),
        segments: image.segments.filter { $0.kind == .load }
      )
    }
    guard let parts else { return nil }
    functions = parts.functions
    segments = parts.segments
    unwindIndex = parts.table?.index
    mayReturnFromSignals = parts.table?.mayReturnFromSignals ?? true
    let bytes = parts.table?.bytes ?? []
    let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 16)
    copy.copyBytes(from: bytes)
    tableBytes = UnsafeRawBufferPointer(copy)
  }

  deinit {
    tableBytes.deallocate()
  }

  /// The first of the addresses that are an image's own; nil where there are no more.
  private static func base(_ number: Int) -> UInt64? {
    let shift = UInt64(spawntrace_unwind_file_shift)
    // The highest bit is left to those who need one.
    guard number >= 0, number < 0x7ffe else { return nil }
    return UInt64(number + 1) << shift
  }

  /// The address that libunwind is told for one of the process's, where the file is mapped with
  /// `bias`; nil where that is no address in a file.
  func address(_ address: UInt64, bias: UInt64) -> UInt64? {
    let own = address &- bias
    return own >> UInt64(spawntrace_unwind_file_shift) == 0 ? base + own : nil
  }

  /// What was added to the file's addresses when the kernel mapped its bytes from `fileOffset` on to
  /// `address`, to be executed; nil where no such piece of the file is loaded.
  func bias(ofMappingAt address: UInt64, fileOffset: UInt64) -> UInt64? {
    // One page of a small file may belong to several segments; that with code is meant.
    let candidates = segments.filter { segment in
      let end = segment.fileOffset.addingReportingOverflow(segment.fileSize)
      return !end.overflow && fileOffset >= segment.fileOffset & ~0xfff
        && fileOffset < end.partialValue
    }
    let segment = candidates.first { $0.flags & 1 != 0 } ?? candidates.first
    return segment.map { address &- fileOffset &- ($0.address &- $0.fileOffset) }
  }
}
