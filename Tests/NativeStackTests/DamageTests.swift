import ELFImage
import Foundation
import LinuxProcess
import TestSupport
import Testing
import TraceModel

@testable import NativeStack

/// Meaningless stacks, registers and unwind tables. This process reads itself.
struct DamageTests {
  private struct Random: RandomNumberGenerator {
    var state: UInt64

    /// SplitMix64.
    mutating func next() -> UInt64 {
      state &+= 0x9e37_79b9_7f4a_7c15
      var value = state
      value = (value ^ (value >> 30)) &* 0xbf58_476d_1ce4_e5b9
      value = (value ^ (value >> 27)) &* 0x94d0_49bb_1331_11eb
      return value ^ (value >> 31)
    }
  }

  /// Reads stacks of random words, from random registers, in real code of this process.
  private func run(_ rounds: Int, damaging isDamaged: Bool) throws {
    var random = Random(state: isDamaged ? 7 : 8)
    let process = ProcessID(rawValue: getpid())
    let maps = try #require(contents(of: "/proc/self/maps"))
    let code = MemoryMappings.executable(in: maps).filter {
      $0.path.contains("libc.so") || $0.path == "[vdso]" || $0.path.contains("ld-linux")
    }
    try #require(code.count >= 2)
    let reader = NativeStackReader()
    let memory = PagedMemory()
    let stack = UnsafeMutableBufferPointer<UInt64>.allocate(capacity: 4096)
    defer { stack.deallocate() }
    let base = UInt64(UInt(bitPattern: stack.baseAddress))
    func codeAddress() -> UInt64 {
      guard let range = code.randomElement(using: &random)?.range else { return 0 }
      return .random(in: range, using: &random)
    }
    for round in 0..<rounds {
      for index in stack.indices where round % 16 == 0 {
        stack[index] =
          switch Int.random(in: 0..<4, using: &random) {
          case 0: .random(in: 0 ... .max, using: &random)
          case 1: base + .random(in: 0..<32768, using: &random)
          default: codeAddress()
          }
      }
      var registers = ThreadRegisters(instructionPointer: codeAddress(), stackPointer: 0)
      for number in 0..<ThreadRegisters.count
      where number != ThreadRegisters.Number.instructionPointer {
        registers[dwarf: number] = base + .random(in: 0..<16384, using: &random)
      }
      registers.stackPointer = base + 8 * .random(in: 0..<2048, using: &random)
      memory.begin(process.firstThread)
      let reading = reader.read(
        of: process.firstThread, process: process, registers: registers, memory: memory)
      #expect(!reading.frames.isEmpty && reading.frames.count <= NativeStackReader.frameLimit)
      guard isDamaged, round % 4 == 0 else { continue }
      reader.flush()
      for image in reader.files.store.images.values {
        guard let bytes = image?.tableBytes, !bytes.isEmpty else { continue }
        let table = UnsafeMutableRawBufferPointer(mutating: bytes)
        for _ in 0..<64 {
          table[Int.random(in: 0..<table.count, using: &random)] = .random(
            in: 0...255, using: &random)
        }
      }
    }
  }

  @Test func `random stacks do no harm`() throws {
    try run(4000, damaging: false)
  }

  @Test func `damaged tables do no harm`() throws {
    try run(8000, damaging: true)
  }

  /// A table without an index is read entry by entry.
  @Test func `damaged files do no harm`() throws {
    let path = try CProgram.build(
      Programs.nested, flags: ["-static", "-Wl,--no-eh-frame-hdr"])
    let intact = [UInt8](try Data(contentsOf: URL(filePath: path)))
    let section = try ELFImage.withImage(of: intact.span.bytes) { $0.section(named: ".eh_frame") }
    let range = try #require(
      section.map { Int($0.fileOffset)..<Int($0.fileOffset + $0.size) })
    var random = Random(state: 3)
    var bytes = intact
    for round in 0..<60 {
      if round % 20 == 0 { bytes = intact }
      for _ in 0..<8 {
        bytes[.random(in: range, using: &random)] = .random(in: 0...255, using: &random)
      }
      let part = bytes.span.bytes.extracting(
        first: round % 3 == 0 ? .random(in: 0..<bytes.count, using: &random) : bytes.count)
      let image = NativeImage(part, number: 0)
      #expect(image == nil || image?.base == 1 << 48)
    }
  }
}
