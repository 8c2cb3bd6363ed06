import Foundation
import Testing

@testable import PythonStack

struct PythonSymbolsTests {
  @Test func `libraries and the program are candidates`() {
    #expect(PythonSymbols.isCandidate(path: "/usr/lib/libpython3.12.so.1.0", isExecutable: false))
    #expect(PythonSymbols.isCandidate(path: "/usr/bin/make", isExecutable: true))
    #expect(!PythonSymbols.isCandidate(path: "/usr/lib/libpython/libc.so", isExecutable: false))
    #expect(!PythonSymbols.isCandidate(path: "", isExecutable: false))
  }

  @Test func `program without Python has none`() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "/proc/self/exe")))
    #expect(PythonSymbols(file: bytes.span.bytes, path: "/proc/self/exe") == nil)
    let text = Array("#!/bin/sh\n".utf8)
    #expect(PythonSymbols(file: text.span.bytes, path: "script") == nil)
    let nothing: [UInt8] = []
    #expect(PythonSymbols(file: nothing.span.bytes, path: "empty") == nil)
  }

  @Test func `symbols of each age are found`() throws {
    let current = try #require(
      read(file(symbols: [("_PyRuntime", 0x5000), ("Py_Version", 0x6000)])))
    #expect(current.runtime == 0x5000)
    #expect(current.runtimeSize == 8)
    #expect(current.version == 0x6000)
    #expect(current.firstLoadAddress == 0x1000)
    let old = try #require(read(file(symbols: [("interp_head", 0x7000)])))
    #expect(old.runtime == nil)
    #expect(old.interpreterHead == 0x7000)
    let stripped = try #require(read(file(symbols: [], sections: [(".PyRuntime", 0x8000)])))
    #expect(stripped.runtime == 0x8000)
    #expect(read(file(symbols: [("main", 0x5000)])) == nil)
    #expect(read(file(symbols: [], sections: [(".PyRuntime", 0)])) == nil)
  }

  @Test func `truncated files do no harm`() {
    let bytes = file(symbols: [("_PyRuntime", 0x5000)], sections: [(".PyRuntime", 0x8000)])
    for count in bytes.indices {
      _ = read(Array(bytes[..<count]))
    }
  }

  private func read(_ bytes: [UInt8]) -> PythonSymbols? {
    PythonSymbols(file: bytes.span.bytes, path: "libpython3.9.so")
  }

  /// An ELF file with a PT_LOAD at 0x1000, a `.symtab`, and sections without content.
  private func file(
    symbols: [(name: String, address: UInt64)],
    sections: [(name: String, address: UInt64)] = []
  ) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: 120)
    var names: [UInt8] = [0]
    func name(_ text: String) -> UInt32 {
      defer { names += Array(text.utf8) + [0] }
      return UInt32(names.count)
    }
    let symbolStart = bytes.count
    for symbol in symbols {
      var entry = [UInt8](repeating: 0, count: 24)
      entry.put(name(symbol.name), at: 0)
      entry.put(1 as UInt16, at: 6)
      entry.put(symbol.address, at: 8)
      entry.put(8 as UInt64, at: 16)
      bytes += entry
    }
    let symbolSize = bytes.count - symbolStart
    let sectionNames = ([".symtab", ".names"] + sections.map(\.name)).map(name)
    let nameStart = bytes.count
    bytes += names
    let headers: [(kind: UInt32, address: UInt64, start: Int, size: Int, link: UInt32)] =
      [(2, 0, symbolStart, symbolSize, 2), (3, 0, nameStart, names.count, 0)]
      + sections.map { (8, $0.address, 0, 0, 0) }
    let headerStart = bytes.count
    bytes += [UInt8](repeating: 0, count: 64)
    for (nameOffset, header) in zip(sectionNames, headers) {
      var entry = [UInt8](repeating: 0, count: 64)
      entry.put(nameOffset, at: 0)
      entry.put(header.kind, at: 4)
      entry.put(header.address, at: 16)
      entry.put(UInt64(header.start), at: 24)
      entry.put(UInt64(header.size), at: 32)
      entry.put(header.link, at: 40)
      bytes += entry
    }
    bytes.put(0x0001_0102_464c_457f as UInt64, at: 0)
    bytes.put(64 as UInt64, at: 32)
    bytes.put(UInt64(headerStart), at: 40)
    for (index, number) in [56, 1, 64, UInt16(headers.count + 1), 2].enumerated() {
      bytes.put(number as UInt16, at: 54 + 2 * index)
    }
    bytes.put(1 as UInt32, at: 64)
    bytes.put(0x1000 as UInt64, at: 80)
    bytes.put(UInt64(bytes.count), at: 96)
    return bytes
  }
}
