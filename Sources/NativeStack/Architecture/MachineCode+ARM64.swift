internal import LinuxProcess

#if arch(arm64)
  extension MachineCode {
    /// `svc #0`
    static let systemCall: [UInt8] = [0x01, 0x00, 0x00, 0xd4]

    /// `mov x8,#139; svc #0`: rt_sigreturn.
    static let signalReturn: [UInt8] = [0x68, 0x11, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4]

    /// `mov x8,#93; svc #0`: exit.
    static let threadEnd: [UInt8] = [0xa8, 0x0b, 0x80, 0xd2, 0x01, 0x00, 0x00, 0xd4]

    /// Whether it is one of the system calls that return with another stack pointer than they were
    /// called with: clone or clone3 (<asm-generic/unistd.h>).
    static func isClone(_ call: Int) -> Bool {
      call == 220 || call == 435
    }

    /// The registers of the caller of a stub that has saved nothing yet: the return address is in
    /// the link register.
    static func caller(ofStub registers: ThreadRegisters, _ memory: PagedMemory) -> ThreadRegisters?
    {
      var caller = registers
      caller.instructionPointer = registers[dwarf: ThreadRegisters.Number.link]
      return caller
    }
  }
#endif
