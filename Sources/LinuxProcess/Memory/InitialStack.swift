internal import Bytes
internal import CSpawnTrace
package import TraceModel

/// The stack of a program that hasn't begun, as execve(2) has built it: the number of its
/// arguments, pointers to them and to its environment, and behind these the strings themselves, one
/// after the other (fs/binfmt_elf.c, `create_elf_tables`).
///
/// The corresponding C call is `process_vm_readv`. It is several times faster than
/// /proc/PID/cmdline, which has the same content.
package struct InitialStack {
  /// Longer argument lists are read from /proc instead.
  private static let pointerLimit = 64
  private static let textLimit = 4096

  let thread: ThreadID
  let pointer: UInt64

  /// Finds the stack of a thread at the end of its execve; nil if the thread is gone.
  package init?(_ thread: borrowing StoppedThread) {
    guard let registers = thread.registers() else { return nil }
    self.init(thread: thread.id, pointer: registers.stackPointer)
  }

  package init(thread: ThreadID, pointer: UInt64) {
    self.thread = thread
    self.pointer = pointer
  }

  /// The program's arguments; nil if the stack isn't that of a program of 64 bits.
  package var arguments: [String]? {
    withUnsafeTemporaryAllocation(byteCount: 8 * Self.pointerLimit, alignment: 8) { words in
      guard let base = words.baseAddress else { return nil }
      let size = spawntrace_read_memory(thread.rawValue, pointer, base, words.count)
      // The number, the pointers and a 0; the environment's first pointer is where the last one
      // ends.
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

  /// Reads `count` strings, each with a NUL behind it.
  private func texts(from start: UInt64, size: Int, count: Int) -> [String]? {
    withUnsafeTemporaryAllocation(byteCount: size, alignment: 8) { text in
      guard let base = text.baseAddress,
        spawntrace_read_memory(thread.rawValue, start, base, size) == size, text[size - 1] == 0
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
