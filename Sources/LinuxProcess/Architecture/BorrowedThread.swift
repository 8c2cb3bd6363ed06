internal import CSpawnTrace
internal import Glibc
internal import SystemPackage
package import TraceModel

/// A stopped thread that makes system calls for the tracer between two instructions of its own, and
/// gets its registers, memory and signal mask back afterwards.
///
/// A process can only install a seccomp filter on itself.
package struct BorrowedThread {
  private var kept = spawntrace_borrowed()
  /// The address of a `syscall` instruction in its vDSO.
  private let instruction: UInt64

  /// The calls that it can make.
  package enum Call: Hashable, Sendable {
    /// `seccomp(SECCOMP_SET_MODE_FILTER)` with a listener, or without.
    case installFilter(flags: FilterFlags)
    /// `prctl(PR_SET_NO_NEW_PRIVS, 1)`.
    case renouncePrivileges
    /// `close(2)`.
    case close(descriptor: Int32)
  }

  /// Flags of seccomp(2).
  package struct FilterFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt64

    package init(rawValue: UInt64) {
      self.rawValue = rawValue
    }

    /// SECCOMP_FILTER_FLAG_TSYNC: for all threads of the process; with a listener it needs
    /// TSYNC_ESRCH.
    package static let allThreads = FilterFlags(rawValue: 1 << 0)
    /// SECCOMP_FILTER_FLAG_SPEC_ALLOW: it switches no mitigation of speculation on (before 5.16).
    package static let keepsSpeculation = FilterFlags(rawValue: 1 << 2)
    /// SECCOMP_FILTER_FLAG_NEW_LISTENER.
    package static let listens = FilterFlags(rawValue: 1 << 3)
    /// SECCOMP_FILTER_FLAG_TSYNC_ESRCH (5.7).
    package static let failsForOtherThreads = FilterFlags(rawValue: 1 << 4)
    /// SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (5.19): no signal interrupts a call that the tracer
    /// examines.
    package static let waitsKillable = FilterFlags(rawValue: 1 << 5)
  }

  /// Whether threads can be borrowed on this machine: x86_64, and kernel 5.6.
  package static let isPossible = spawntrace_can_borrow()

  private static let instructionOffset = spawntrace_borrowed_instruction()

  /// Borrows a thread that is about to return to its program.
  ///
  /// `filter` is the one that `installFilter` will install, `vector` that of the thread's process.
  /// The corresponding C calls are `ptrace(PTRACE_GETREGS)`, `ptrace(PTRACE_SETSIGMASK)` and
  /// `process_vm_writev`.
  package init(
    _ thread: borrowing StoppedThread, _ vector: AuxiliaryVector?, filter: FilterProgram
  ) throws(SystemCallError) {
    guard let vdso = vector?.vdso, vdso != 0 else {
      throw SystemCallError("borrow", Errno(rawValue: ENOEXEC))
    }
    instruction = vdso &+ UInt64(bitPattern: Self.instructionOffset)
    let id = thread.id.rawValue
    var kept = spawntrace_borrowed()
    let error = filter.instructions.withUnsafeBufferPointer { instructions in
      guard let base = instructions.baseAddress else { return EINVAL }
      return spawntrace_borrow(id, base, UInt16(instructions.count), &kept)
    }
    if error != 0 { throw SystemCallError("borrow", Errno(rawValue: error)) }
    self.kept = kept
  }

  /// Prepares a call; its beginning and end are the thread's next two boundaries. False if the
  /// thread is gone.
  package mutating func prepare(_ call: Call, in thread: borrowing StoppedThread) -> Bool {
    let id = thread.id.rawValue
    let error =
      switch call {
      case .installFilter(let flags):
        spawntrace_borrowed_seccomp(id, &kept, instruction, flags.rawValue)
      case .renouncePrivileges:
        spawntrace_borrowed_call(
          id, &kept, instruction, Int(SYS_prctl), UInt64(spawntrace_no_new_privileges), 1, 0)
      case .close(let descriptor):
        spawntrace_borrowed_call(
          id, &kept, instruction, Int(SYS_close), UInt64(bitPattern: Int64(descriptor)), 0, 0)
      }
    return error == 0
  }

  /// The call's result: a value, or a negative errno; nil if the thread is gone.
  package func result(in thread: borrowing StoppedThread) -> Int64? {
    var result: Int64 = 0
    return spawntrace_borrowed_result(thread.id.rawValue, &result) == 0 ? result : nil
  }

  /// Restores its registers, memory and signal mask.
  package mutating func giveBack(_ thread: borrowing StoppedThread) {
    _ = spawntrace_give_back(thread.id.rawValue, &kept)
  }
}

/// Copies a descriptor of another process; nil if the kernel refuses.
///
/// The corresponding C calls are `pidfd_open` and `pidfd_getfd`.
package func copyDescriptor(_ descriptor: Int32, of process: ProcessID) -> OwnedDescriptor? {
  let copy = spawntrace_copy_descriptor(process.rawValue, descriptor)
  return copy < 0 ? nil : OwnedDescriptor(copy)
}
