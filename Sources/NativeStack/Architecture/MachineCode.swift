internal import LinuxProcess

/// Instructions that are recognized by their bytes, where no unwind table speaks of them.
enum MachineCode {
  /// The system calls that begin at another stack pointer than they end.
  static func isClone(_ call: Int) -> Bool {
    #if arch(x86_64)
      // <asm/unistd_64.h>: clone, clone3.
      call == 56 || call == 435
    #elseif arch(arm64)
      // <asm-generic/unistd.h>
      call == 220 || call == 435
    #endif
  }

  /// Whether the instruction before `address` is a system call.
  static func isSystemCall(before address: UInt64, _ memory: PagedMemory) -> Bool {
    #if arch(x86_64)
      // syscall
      memory.bytes(at: address &- 2, are: [0x0f, 0x05])
    #elseif arch(arm64)
      // svc #0
      memory.bytes(at: address &- 4, are: [0x01, 0x00, 0x00, 0xd4])
    #endif
  }

  /// Whether the code at `address` returns from a signal handler: what the kernel makes the handler
  /// return to (glibc's `__restore_rt`, or the vDSO's `__kernel_rt_sigreturn`).
  static func isSignalReturn(at address: UInt64, _ memory: PagedMemory) -> Bool {
    #if arch(x86_64)
      // mov $15,%rax; syscall
      memory.bytes(at: address, are: [0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05])
    #elseif arch(arm64)
      // mov x8,#139; svc #0
      memory.bytes(at: address, are: [0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4])
    #endif
  }

  /// Whether whoever returns to `address` ends the thread by that: the end of glibc's `clone` and
  /// `clone3` in the new thread.
  static func isThreadEnd(at address: UInt64, _ memory: PagedMemory) -> Bool {
    #if arch(x86_64)
      // mov %rax,%rdi; mov $60,%eax; syscall
      memory.bytes(at: address, are: [0x48, 0x89, 0xc7, 0xb8, 0x3c, 0x00, 0x00, 0x00, 0x0f, 0x05])
    #elseif arch(arm64)
      // mov x8,#93; svc #0
      memory.bytes(at: address, are: [0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4])
    #endif
  }

  /// The registers that a stub has been called with which has saved nothing yet: of the caller.
  static func leaving(_ registers: ThreadRegisters, _ memory: PagedMemory) -> ThreadRegisters? {
    var caller = registers
    #if arch(x86_64)
      guard let address = memory.word(at: registers.stackPointer) else { return nil }
      caller.stackPointer = registers.stackPointer &+ 8
    #elseif arch(arm64)
      let address = registers[dwarf: ThreadRegisters.Number.link]
    #endif
    caller.instructionPointer = address
    return caller
  }
}

extension PagedMemory {
  fileprivate func bytes(at address: UInt64, are expected: [UInt8]) -> Bool {
    var found: [UInt8] = expected
    let count = found.withUnsafeMutableBytes { read(at: address, into: $0) }
    return count == expected.count && found == expected
  }
}
