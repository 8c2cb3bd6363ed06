import ELFImage
import Foundation
import LinuxProcess
import Testing

/// Files that a linker has made: the program of this process, and its C library.
struct RealFileTests {
  @Test func `own program is read`() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "/proc/self/exe")))
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      #expect(image.segments.contains { $0.kind == .load })
      #expect(image.firstLoadAddress != nil)
      let text = image.section(named: ".text")
      let name = text.flatMap { image.name(of: $0) }
      #expect(name == ".text")
      let symbol = image.exportedSymbol(named: "_PyRuntime")
      #expect(symbol == nil)
    }
  }

  @Test func `symbols are where the loader put them`() throws {
    let maps = try #require(contents(of: "/proc/self/maps"))
    let mapping = try #require(
      MemoryMappings.beginnings(in: maps) { $0.contains("/libc.so") || $0.contains("/libc-2.") }
        .first)
    let (path, base) = (mapping.path, mapping.range.lowerBound)
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      for name in ["getpid", "fork", "open", "environ"] {
        let symbol = image.exportedSymbol(named: name)
        let first = image.firstLoadAddress ?? 0
        let address = dlsym(dlopen(nil, RTLD_NOW), name).map { UInt64(UInt(bitPattern: $0)) }
        // A variable of the library may be in the program's own memory (a copy relocation).
        if name != "environ" {
          #expect(symbol.map { $0.address - first + base } == address)
        }
        #expect(symbol != nil)
      }
    }
  }

  @Test func `truncated program does no harm`() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "/proc/self/exe")))
    var random = SeededGenerator(state: 2)
    for _ in 0..<200 {
      let part = bytes.span.bytes.extracting(first: .random(in: 0..<bytes.count, using: &random))
      try? ELFImage.withImage(of: part) { image in
        _ = image.exportedSymbol(named: "_PyRuntime")
        _ = image.section(named: ".PyRuntime")
      }
    }
  }
}
