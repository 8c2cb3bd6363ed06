internal import CLibunwind
internal import ELFImage

/// The parts of one ELF file that stacks need, in whatever process it is mapped. The file itself is
/// no longer needed.
final class NativeImage {
  /// The address that stands for the file's address 0 in libunwind.
  let base: UInt64
  let functions: ELFFunctionTable
  /// The index of the unwind table; nil if the file has none.
  let unwindIndex: ELFUnwindIndex?
  /// The bytes at the index and behind it: see ``UnwindBytes``. They never change, so libunwind may
  /// read them in place.
  let tableBytes: UnsafeRawBufferPointer
  /// Whether the file may contain the code that signal handlers return to.
  let mayReturnFromSignals: Bool
  /// PT_LOAD, in the file's order.
  private let segments: [ELFSegment]

  /// Reads an image; nil if the bytes aren't an ELF file of a 64-bit little-endian machine.
  ///
  /// - Parameter number: A number that is unique to the image, from 0.
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

  /// The first of the addresses that are assigned to an image; nil if there are no more.
  private static func base(_ number: Int) -> UInt64? {
    let shift = UInt64(spawntrace_unwind_file_shift)
    // The highest bit is left free: `CodePositionCache` uses it.
    guard number >= 0, number < 0x7ffe else { return nil }
    return UInt64(number + 1) << shift
  }

  /// The assigned address for an address of the process in which the file is mapped with `bias`;
  /// nil if it isn't an address in the file.
  func address(_ address: UInt64, bias: UInt64) -> UInt64? {
    let own = address &- bias
    return own >> UInt64(spawntrace_unwind_file_shift) == 0 ? base + own : nil
  }

  /// The number that was added to the file's addresses when the kernel mapped its bytes from
  /// `fileOffset` on to `address`, to be executed; nil if no such part of the file is loaded.
  func bias(ofMappingAt address: UInt64, fileOffset: UInt64) -> UInt64? {
    // One page of a small file may belong to several segments. The one with code is meant.
    let candidates = segments.filter { segment in
      let end = segment.fileOffset.addingReportingOverflow(segment.fileSize)
      return !end.overflow && fileOffset >= segment.fileOffset & ~0xfff
        && fileOffset < end.partialValue
    }
    let segment = candidates.first { $0.flags & 1 != 0 } ?? candidates.first
    return segment.map { address &- fileOffset &- ($0.address &- $0.fileOffset) }
  }
}
