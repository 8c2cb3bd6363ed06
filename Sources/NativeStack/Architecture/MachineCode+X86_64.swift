internal import LinuxProcess

#if arch(x86_64)
  extension MachineCode {
    /// `syscall`
    static let systemCall: [UInt8] = [0x0f, 0x05]

    /// `mov $15,%rax; syscall`: rt_sigreturn.
    static let signalReturn: [UInt8] = [0x48, 0xc7, 0xc0, 0x0f, 0x00, 0x00, 0x00, 0x0f, 0x05]

    /// `mov %rax,%rdi; mov $60,%eax; syscall`: exit.
    static let threadEnd: [UInt8] = [0x48, 0x89, 0xc7, 0xb8, 0x3c, 0x00, 0x00, 0x00, 0x0f, 0x05]

    /// Whether it is one of the system calls that return with another stack pointer than they were
    /// called with: clone or clone3 (<asm/unistd_64.h>).
    static func isClone(_ call: Int) -> Bool {
      call == 56 || call == 435
    }

    /// The registers of the caller of a stub that has saved nothing yet: the return address is at
    /// the stack pointer.
    static func caller(ofStub registers: ThreadRegisters, _ memory: PagedMemory) -> ThreadRegisters?
    {
      guard let address = memory.word(at: registers.stackPointer) else { return nil }
      var caller = registers
      caller.stackPointer = registers.stackPointer &+ 8
      caller.instructionPointer = address
      return caller
    }
  }
#endif
