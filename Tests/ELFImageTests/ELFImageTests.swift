import ELFImage
import Testing

struct ELFImageTests {
  private let library = ELFBuilder(
    exported: [
      .init(name: "free", address: 0, isDefined: false),
      .init(name: "_PyRuntime", address: 0x5000, size: 656),
      .init(name: "Py_Version", address: 0x6000),
    ],
    local: [.init(name: "interp_head", address: 0x7000)],
    emptySections: [(".PyRuntime", 0x5000)])

  @Test func `headers are read`() throws {
    let bytes = library.bytes()
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      #expect(image.segments.map(\.kind) == [.load, .dynamic])
      #expect(image.firstLoadAddress == 0x40_0000)
      #expect(image.section(named: ".PyRuntime")?.address == 0x5000)
      #expect(image.section(named: ".PyRuntim") == nil)
      let names = (0..<image.sectionCount).map { image.section($0).flatMap { image.name(of: $0) } }
      #expect(
        names == [
          "", ".dynsym", ".dynstr", ".symtab", ".strtab", ".PyRuntime", ".shstrtab",
        ])
      #expect(image.section(-1) == nil)
      #expect(image.section(7) == nil)
    }
  }

  @Test(arguments: [true, false], [true, false])
  func `symbols are found`(hasHashTable: Bool, hasSections: Bool) throws {
    var library = library
    library.hasHashTable = hasHashTable
    library.hasSections = hasSections
    let bytes = library.bytes()
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      let isFindable = hasHashTable || hasSections
      #expect(
        image.exportedSymbol(named: "_PyRuntime")
          == (isFindable ? ELFSymbol(address: 0x5000, size: 656) : nil))
      #expect(image.exportedSymbol(named: "Py_Version")?.address == (isFindable ? 0x6000 : nil))
      #expect(image.exportedSymbol(named: "free") == nil)
      #expect(image.exportedSymbol(named: "interp_head") == nil)
      #expect(image.exportedSymbol(named: "") == nil)
      #expect(image.anySymbol(named: "interp_head")?.address == (hasSections ? 0x7000 : nil))
      #expect(image.anySymbol(named: "_PyRuntime") == nil)
    }
  }

  @Test func `first load address is that of the first byte`() throws {
    // A first segment that begins in the middle of a page is mapped from the page's beginning on.
    var bytes = library.bytes()
    bytes.replaceSubrange(
      64 + 8..<64 + 24, with: [0x10, 0x2, 0, 0, 0, 0, 0, 0, 0x10, 0x2, 0x41, 0, 0, 0, 0, 0])
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      #expect(image.firstLoadAddress == 0x41_0000)
    }
  }

  @Test func `other files are refused`() {
    #expect(throws: ELFError.notELF) { try touch([]) }
    #expect(throws: ELFError.notELF) { try touch(Array("#!/bin/sh\n".utf8)) }
    var bytes = library.bytes()
    bytes[4] = 1
    #expect(throws: ELFError.unsupported) { try touch(bytes) }
    bytes = library.bytes()
    bytes[54] = 55
    #expect(throws: ELFError.malformed) { try touch(bytes) }
  }

  @Test func `truncated files do no harm`() {
    let bytes = library.bytes()
    for count in bytes.indices {
      try? touch(Array(bytes[..<count]))
    }
  }

  @Test func `damaged files do no harm`() {
    let bytes = library.bytes()
    var random = SeededGenerator(state: 1)
    for _ in 0..<20_000 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let index = Int.random(in: 0..<bytes.count, using: &random)
        damaged[index] =
          [0, 1, 0x7f, 0x80, 0xff, .random(in: 0...255, using: &random)]
          .randomElement(using: &random) ?? 0
      }
      try? touch(damaged)
    }
  }

  @Test func `absurd numbers do no harm`() {
    // Each aligned word in turn is set to numbers that are too large or nearly so.
    let bytes = library.bytes()
    for index in stride(from: 8, to: bytes.count - 8, by: 8) {
      for value in [UInt64.max, UInt64.max - 8, 1 << 63, UInt64(Int.max), UInt64(bytes.count)] {
        var damaged = bytes
        withUnsafeBytes(of: value) { damaged.replaceSubrange(index..<index + 8, with: $0) }
        try? touch(damaged)
      }
    }
  }

  /// Calls everything that an image offers.
  private func touch(_ bytes: [UInt8]) throws(ELFError) {
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      _ = image.firstLoadAddress
      _ = image.section(named: ".PyRuntime")
      for index in 0..<min(image.sectionCount, 100) {
        _ = image.section(index).flatMap { image.name(of: $0) }
      }
      for name in ["_PyRuntime", "interp_head", "missing"] {
        _ = image.exportedSymbol(named: name)
        _ = image.anySymbol(named: name)
      }
      _ = image.fileOffset(ofAddress: 0x40_0010)
      _ = image.fileOffset(ofAddress: .max)
    }
  }
}
