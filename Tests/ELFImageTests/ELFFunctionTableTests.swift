import Foundation
import Testing

@testable import ELFImage

struct ELFFunctionTableTests {
  private func table(_ builder: ELFBuilder) throws -> ELFFunctionTable {
    try ELFImage.withImage(of: builder.bytes().span.bytes) { $0.functions }
  }

  /// A table of symbols that are made functions.
  private func table(
    local: [ELFBuilder.Symbol] = [], exported: [ELFBuilder.Symbol] = []
  ) throws -> ELFFunctionTable {
    var builder = ELFBuilder()
    builder.local = local.map { $0.asFunction }
    builder.exported = exported.map { $0.asFunction }
    return try table(builder)
  }

  @Test func `address belongs to the function that covers it`() throws {
    let table = try table(local: [
      .init(name: "b", address: 0x2000, size: 0x10), .init(name: "a", address: 0x1000, size: 0x20),
    ])
    #expect(table.count == 2)
    #expect(table.function(at: 0x1000) == .init(name: "a", offset: 0))
    #expect(table.function(at: 0x101f) == .init(name: "a", offset: 0x1f))
    #expect(table.function(at: 0x200f) == .init(name: "b", offset: 0xf))
  }

  /// An address between two functions belongs to neither.
  @Test(arguments: [0, 0xfff, 0x1020, 0x1fff, 0x2010, .max] as [UInt64])
  func `address outside belongs to none`(address: UInt64) throws {
    let table = try table(local: [
      .init(name: "b", address: 0x2000, size: 0x10), .init(name: "a", address: 0x1000, size: 0x20),
      .init(name: "without a size", address: 0x1800, size: 0),
      .init(name: "elsewhere", address: 0x1020, size: 8, isDefined: false),
    ])
    #expect(table.function(at: address) == nil)
  }

  @Test func `names that programmers use are preferred`() throws {
    let table = try table(local: [
      .init(name: "__libc_vfork", address: 0x1000), .init(name: "vfork", address: 0x1000),
      .init(name: "__vfork", address: 0x1000), .init(name: "_IO_popen", address: 0x2000),
      .init(name: "popen", address: 0x2000),
    ])
    #expect(table.count == 2)
    #expect(table.function(at: 0x1001)?.name == "vfork")
    #expect(table.function(at: 0x2001)?.name == "popen")
  }

  @Test func `inner function hides the outer`() throws {
    let table = try table(local: [
      .init(name: "outer", address: 0x1000, size: 0x100),
      .init(name: "inner", address: 0x1010, size: 0x10),
    ])
    #expect(table.function(at: 0x1018)?.name == "inner")
    #expect(table.function(at: 0x1020) == .init(name: "outer", offset: 0x20))
  }

  @Test func `exported ones count if the others are stripped`() throws {
    let table = try table(exported: [.init(name: "shared", address: 0x3000)])
    #expect(table.function(at: 0x3004)?.name == "shared")
  }

  @Test func `sizes and names beyond bounds do no harm`() throws {
    let table = try table(local: [
      .init(name: "huge", address: 0x1000, size: .max),
      .init(name: "last", address: .max - 3, size: 0xffff_ffff),
    ])
    #expect(table.function(at: 0x1000) == nil)
    #expect(table.function(at: .max)?.name == "last")
  }

  @Test func `damaged files do no harm`() throws {
    var builder = ELFBuilder()
    builder.local = (1...20).map { .init(name: "f\($0)", address: UInt64($0) * 0x100).asFunction }
    let intact = builder.bytes()
    var random = SeededGenerator(state: 9)
    for _ in 0..<3000 {
      var bytes = intact
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(
          in: 0...255, using: &random)
      }
      let part = bytes.span.bytes.extracting(first: .random(in: 0...bytes.count, using: &random))
      try? ELFImage.withImage(of: part) { image in
        let table = image.functions
        for address in stride(from: UInt64(0), to: 0x2000, by: 0x80) {
          _ = table.function(at: address)
        }
        _ = image.unwindIndex
        _ = image.unwindTable
        _ = image.bytes(ofAddress: 0x40_0000, limit: .max)
        _ = image.bytes(ofAddress: .max, limit: .max)
      }
    }
  }

  @Test func `real files have functions and an index`() throws {
    let bytes = [UInt8](try Data(contentsOf: URL(filePath: "/proc/self/exe")))
    try ELFImage.withImage(of: bytes.span.bytes) { image in
      let table = image.functions
      #expect(table.count > 1000)
      let index = image.unwindIndex
      #expect((index?.count ?? 0) > 1000)
      // The index and the table list the same functions.
      let unwindTable = image.unwindTable
      #expect(index?.count == unwindTable.map { UInt64($0.entries.count) })
      #expect(index?.entries == unwindTable?.address)
      #expect(index.map { !image.bytes(ofAddress: $0.address, limit: 64).isEmpty } == true)
    }
  }
}

extension ELFBuilder.Symbol {
  fileprivate var asFunction: Self {
    var symbol = self
    symbol.kind = 2
    return symbol
  }
}
