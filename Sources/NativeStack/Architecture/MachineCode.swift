internal import LinuxProcess

/// Instructions that are recognized by their bytes, for code that has no unwind table.
///
/// Each architecture has an extension in a file of its own.
enum MachineCode {
  /// Whether the instruction before `address` is a system call.
  static func isSystemCall(before address: UInt64, _ memory: PagedMemory) -> Bool {
    memory.bytes(at: address &- UInt64(systemCall.count), are: systemCall)
  }

  /// Whether the code at `address` returns from a signal handler. The kernel makes each handler
  /// return to such code (glibc's `__restore_rt`, or the vDSO's `__kernel_rt_sigreturn`).
  static func isSignalReturn(at address: UInt64, _ memory: PagedMemory) -> Bool {
    memory.bytes(at: address, are: signalReturn)
  }

  /// Whether the code at `address` ends the thread: it is the end of glibc's `clone` and `clone3`
  /// in the new thread.
  static func isThreadEnd(at address: UInt64, _ memory: PagedMemory) -> Bool {
    memory.bytes(at: address, are: threadEnd)
  }
}

extension PagedMemory {
  fileprivate func bytes(at address: UInt64, are expected: [UInt8]) -> Bool {
    var found: [UInt8] = expected
    let count = found.withUnsafeMutableBytes { read(at: address, into: $0) }
    return count == expected.count && found == expected
  }
}
