internal import CSpawnTrace
internal import Foundation
internal import LinuxProcess
internal import Testing

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
