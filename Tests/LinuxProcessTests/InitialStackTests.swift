internal import CSpawnTrace
internal import Foundation
internal import Testing

@testable internal import LinuxProcess

/// Stacks as execve(2) builds them, in this process's own memory.
struct InitialStackTests {
  /// Builds a stack with `arguments` and `environment`, and returns the arguments that are read
  /// from it. `spoil` may change it before: words of 8 bytes, beginning with the number of
  /// arguments.
  private func read(
    _ arguments: [String], environment: [String] = ["A=1"],
    spoil: (UnsafeMutableBufferPointer<UInt64>) -> Void = { _ in }
  ) -> [String]? {
    let strings = arguments + environment
    let text: [UInt8] = strings.flatMap { (string: String) -> [UInt8] in Array(string.utf8) + [0] }
    let wordCount = strings.count + 3
    let memory = UnsafeMutableRawBufferPointer.allocate(
      byteCount: 8 * wordCount + text.count + 4096, alignment: 8)
    defer { memory.deallocate() }
    memory.initializeMemory(as: UInt8.self, repeating: 0)
    let words = UnsafeMutableRawBufferPointer(rebasing: memory[..<(8 * wordCount)])
      .bindMemory(to: UInt64.self)
    for (index, byte) in text.enumerated() { memory[8 * wordCount + index] = byte }
    let start = UInt64(
      UInt(bitPattern: memory.baseAddress ?? UnsafeMutableRawPointer(bitPattern: 8)))
    var next = start + UInt64(8 * wordCount)
    words[0] = UInt64(arguments.count)
    for (index, string) in strings.enumerated() {
      words[1 + index + (index < arguments.count ? 0 : 1)] = next
      next += UInt64(string.utf8.count + 1)
    }
    spoil(words)
    return InitialStack(thread: ownThread, pointer: start).arguments
  }

  @Test(arguments: [
    ["true"], [""], ["", ""], ["sh", "-c", "echo a\nb"], ["x", "", "y", ""], ["ä", "日本"],
    ["a", String(repeating: "b", count: 4000)], (0..<60).map { "\($0)" },
  ])
  func `arguments of every kind`(arguments: [String]) {
    #expect(read(arguments) == arguments)
  }

  @Test func `the arguments are the same as in /proc`() throws {
    let program = try #require(ProcessFolder(ownProcess).arguments.first)
    #expect(read([program]) == [program])
  }

  @Test func `long lists and impossible stacks are left to /proc`() {
    #expect(read((0..<62).map { "\($0)" }) == nil)
    #expect(read(["a", String(repeating: "b", count: 4096)]) == nil)
    #expect(read([]) == nil)
    // Nothing shows where the last argument ends.
    #expect(read(["a"], environment: []) == nil)
    // A program of 32 bits has two numbers in the place of one.
    #expect(read(["a"]) { $0[0] = $0[1] << 32 | 1 } == nil)
    #expect(read(["a", "b"]) { $0[0] = 1 } == nil)
    #expect(read(["a", "b"]) { $0[1] += 1 << 40 } == nil)
    #expect(read(["a", "b"]) { $0[4] = $0[1] } == nil)
    #expect(read(["a", "b"]) { $0[4] -= 1 } == nil)
    #expect(InitialStack(thread: ownThread, pointer: 8).arguments == nil)
  }

  @Test(arguments: 0...4)
  func `a stack that ends too early`(wordCount: Int) throws {
    let pages = try GuardedPages(1)
    let words: [UInt64] = Array([1, pages.end - 8, 0, pages.end].prefix(wordCount))
    let bytes = words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { [UInt8]($0) } }
    #expect(InitialStack(thread: ownThread, pointer: pages.put(atEnd: bytes)).arguments == nil)
  }
}

/// All that execve(2) puts on a stack, as the kernel lays it out (fs/binfmt_elf.c).
struct InitialStackVectorsTests {
  private static let address: UInt64 = 0x7ffc_0000_1000

  /// A stack with two arguments, one variable and four entries for the linker.
  private func stack(
    spoil: (inout [UInt64]) -> Void = { _ in }, texts: String = "python\0-c\0A=1\0/bin/python3\0"
  ) -> [UInt8] {
    let start = Self.address + 16 * 8
    var words: [UInt64] = [
      2, start, start + 7, 0, start + 10, 0, 3, 0x40, 5, 13, 33, 0x7fff_0000, 31, start + 14, 0, 0,
    ]
    spoil(&words)
    return words.flatMap { word in withUnsafeBytes(of: word.littleEndian) { Array($0) } }
      + Array(texts.utf8)
  }

  private func read(_ bytes: [UInt8]) -> InitialStack.Vectors? {
    InitialStack.Vectors(bytes, at: Self.address)
  }

  @Test func `arguments, environment, the linker's entries and the executed path`() throws {
    let vectors = try #require(read(stack()))
    #expect(vectors.arguments == ["python", "-c"])
    #expect(vectors.environment == Array("A=1\0".utf8))
    #expect(vectors.executedPath == "/bin/python3")
    let vector = vectors.auxiliaryVector
    #expect(vector.programHeaders == 0x40 && vector.programHeaderCount == 13)
    #expect(vector.vdso == 0x7fff_0000)
  }

  @Test func `a stack that was cut, or isn't one, gives nothing, or what is there`() throws {
    let whole = stack()
    for count in 0..<(6 * 8) { #expect(read(Array(whole.prefix(count))) == nil) }
    // The texts are missing.
    #expect(read(Array(whole.prefix(16 * 8))) == nil)
    // Another number of arguments than there are, as a program of 32 bits has it.
    #expect(read(stack(spoil: { $0[0] = 3 })) == nil)
    #expect(read(stack(spoil: { $0[0] = .max })) == nil)
    // Pointers that lead elsewhere.
    #expect(read(stack(spoil: { $0[1] = 8 })) == nil)
    #expect(read(stack(spoil: { $0[1] = .max })) == nil)
    let lost = try #require(read(stack(spoil: { $0[13] = 1 })))
    #expect(lost.executedPath == nil && lost.arguments == ["python", "-c"])
    #expect(read(stack(spoil: { $0[4] = 1 }))?.environment == [])
  }
}
