internal import CSpawnTrace
internal import Bytes

/// What execve(2) has put on the stack of a program that hasn't begun: the number of its arguments,
/// pointers to them and to its environment, and behind these the strings themselves, one after the other
/// (fs/binfmt_elf.c, `create_elf_tables`).
///
/// The corresponding C call is `process_vm_readv`. It is several times faster than /proc/PID/cmdline,
/// which says the same.
package struct InitialStack {
  /// Who has more arguments, or longer ones, is asked by /proc.
  private static let pointerLimit = 64
  private static let textLimit = 4096

  private let thread: Int32
  private let pointer: UInt64

  /// The stack of a thread that stands at the end of its execve; nil where it is gone.
  package init?(_ thread: borrowing StoppedThread) {
    guard let registers = thread.registers() else { return nil }
    self.init(thread: thread.id, pointer: registers.stackPointer)
  }

  package init(thread: Int32, pointer: UInt64) {
    self.thread = thread
    self.pointer = pointer
  }

  /// The program's arguments; nil where what is there isn't as it is for a program of 64 bits.
  package var arguments: [String]? {
    withUnsafeTemporaryAllocation(byteCount: 8 * Self.pointerLimit, alignment: 8) { words in
      guard let base = words.baseAddress else { return nil }
      let size = spawntrace_read_memory(thread, pointer, base, words.count)
      // The number, the pointers and a 0; the environment's first pointer is where the last one ends.
      let most = size / 8 - 3
      guard most > 0 else { return nil }
      let count = words.load(as: UInt64.self)
      guard count > 0, count <= UInt64(most) else { return nil }
      func word(_ index: Int) -> UInt64 { words.load(fromByteOffset: 8 * index, as: UInt64.self) }
      let first = word(1)
      let end = word(Int(count) + 2)
      guard word(Int(count) + 1) == 0, first > pointer, end > first,
        end - first <= UInt64(Self.textLimit)
      else { return nil }
      return texts(from: first, size: Int(end - first), count: Int(count))
    }
  }

  /// `count` strings, each with a NUL behind it.
  private func texts(from start: UInt64, size: Int, count: Int) -> [String]? {
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { text in
      guard let base = text.baseAddress,
        spawntrace_read_memory(thread, start, base, size) == size, text[size - 1] == 0
      else { return nil }
      var result: [String] = []
      result.reserveCapacity(count)
      var begin = 0
      for end in 0..<size where text[end] == 0 {
        result.append(String(exactly: UnsafeRawBufferPointer(rebasing: text[begin..<end])))
        begin = end + 1
      }
      return result.count == count ? result : nil
    }
  }
}
