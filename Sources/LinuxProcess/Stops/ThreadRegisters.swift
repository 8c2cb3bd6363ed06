internal import CSpawnTrace

/// The registers of a stopped thread, as far as stacks and system calls need them.
package struct ThreadRegisters: Sendable {
  package typealias Number = RegisterNumber

  /// How many registers have a DWARF number on this architecture.
  package static let count = spawntrace_register_count

  private var values: spawntrace_registers

  init(_ values: spawntrace_registers) {
    self.values = values
  }

  /// Makes up registers that are all 0 but for these.
  package init(instructionPointer: UInt64, stackPointer: UInt64) {
    values = spawntrace_registers()
    self.instructionPointer = instructionPointer
    self.stackPointer = stackPointer
  }

  /// The system call that the thread is about to make, is in, or has just made; number -1 if there
  /// is none.
  package var systemCall: SystemCall {
    SystemCall(
      number: Int(truncatingIfNeeded: values.system_call), arguments: values.arguments,
      threadPointer: values.thread_pointer == 0 ? nil : values.thread_pointer)
  }

  /// The result of the system call that the thread has just made: 0 in the child of a clone or
  /// fork.
  package var returnValue: UInt64 {
    values.return_value
  }

  /// Whether a stop has interrupted the system call while it waited: the kernel makes it again, or
  /// it fails with EINTR (include/linux/errno.h, ERESTARTSYS to ERESTART_RESTARTBLOCK).
  package var isInterrupted: Bool {
    let result = Int64(bitPattern: returnValue)
    return systemCall.number >= 0 && ((-516 ... -512).contains(result) || result == -4)
  }

  package var instructionPointer: UInt64 {
    get { values.instruction_pointer }
    set {
      values.instruction_pointer = newValue
      self[dwarf: Number.instructionPointer] = newValue
    }
  }

  package var stackPointer: UInt64 {
    get { values.stack_pointer }
    set {
      values.stack_pointer = newValue
      self[dwarf: Number.stackPointer] = newValue
    }
  }

  /// A register by its DWARF number, from 0 up to ``count``, as the architecture's psABI gives it
  /// and libunwind takes it.
  package subscript(dwarf number: Int) -> UInt64 {
    get {
      precondition(number >= 0 && number < Self.count)
      return withUnsafeBytes(of: values.general) {
        $0.loadUnaligned(fromByteOffset: 8 * number, as: UInt64.self)
      }
    }
    set {
      precondition(number >= 0 && number < Self.count)
      withUnsafeMutableBytes(of: &values.general) {
        $0.storeBytes(of: newValue, toByteOffset: 8 * number, as: UInt64.self)
      }
    }
  }
}
