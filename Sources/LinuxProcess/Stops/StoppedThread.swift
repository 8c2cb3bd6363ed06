internal import CSpawnTrace
internal import Glibc

/// What became of a thread that was to run on.
package enum Resumption: Hashable, Sendable {
  case running
  /// Something killed it in its stop (ESRCH); its end will be reported by `wait(2)`.
  case gone
}

/// A thread in a ptrace stop: only such a one can be asked, and each way on consumes it.
///
/// The corresponding C call of each method is a request of `ptrace(2)`. All must come from the
/// thread that launched the program.
package struct StoppedThread: ~Copyable {
  package let id: Int32

  package init(id: Int32) {
    self.id = id
  }

  /// Lets the thread run on, with `signal` delivered where it isn't 0.
  ///
  /// The corresponding C call is `ptrace(PTRACE_CONT)`.
  package consuming func resume(delivering signal: Int32 = 0) -> Resumption {
    spawntrace_continue(id, signal) == 0 ? .running : .gone
  }

  /// The same, up to the next beginning or end of a system call (``WaitStatus/callBoundary``).
  ///
  /// The corresponding C call is `ptrace(PTRACE_SYSCALL)`.
  package consuming func resumeToCall(delivering signal: Int32 = 0) -> Resumption {
    spawntrace_continue_to_call(id, signal) == 0 ? .running : .gone
  }

  /// Leaves the thread in its group-stop until SIGCONT ends it.
  ///
  /// The corresponding C call is `ptrace(PTRACE_LISTEN)`; PTRACE_CONT would end the stop.
  package consuming func stayStopped() -> Resumption {
    spawntrace_listen(id) == 0 ? .running : .gone
  }

  /// The number that comes with an event: the new thread's id, or at an exec the id that the thread
  /// had before it took its leader's; nil where the thread is gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETEVENTMSG)`.
  package func eventMessage() -> Int32? {
    var message: UInt = 0
    return spawntrace_event_message(id, &message) == 0 ? Int32(truncatingIfNeeded: message) : nil
  }

  /// Who sent the signal that is about to be delivered; nil where the kernel did, or the thread is
  /// gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETSIGINFO)`.
  package func signalSender() -> Int32? {
    var origin = spawntrace_signal_origin()
    guard spawntrace_signal_origin(id, &origin) == 0, origin.sender != 0 else { return nil }
    return origin.sender
  }

  /// The system call that the signal of this stop has interrupted, where a handler could make it fail
  /// with EINTR; nil where there is none, or the architecture doesn't tell.
  package func interruptedCall() -> SystemCall? {
    var registers = spawntrace_registers()
    guard spawntrace_interrupted_call(id, &registers) else { return nil }
    return ThreadRegisters(registers).systemCall
  }

  /// Lets the interrupted call be made again after the handler, whatever the handler's flags.
  ///
  /// The corresponding C call is `ptrace(PTRACE_POKEUSER)`.
  package func restartCall() {
    _ = spawntrace_restart_call(id)
  }

  /// Whether the signal of this stop, which the program ignores, has made a call fail with EINTR that
  /// goes on undisturbed where nobody traces: the kernel drops an ignored signal at once, but for a
  /// tracee it wakes the thread first (kernel/signal.c, `sig_ignored`).
  ///
  /// Only calls are meant that the kernel doesn't make again by itself (signal(7), "Interruption of
  /// system calls and library functions by stop signals"). Known on x86_64.
  package func isCallSpoilt(byIgnored signal: Int32) -> Bool {
    guard spawntrace_call_failed_by_signal(id) else { return false }
    return StatusFile(process: id)?.isIgnored(signal) == true
  }

  /// Lets that call be made again, unless a handler of another signal runs first. A timeout that it had
  /// begins anew.
  ///
  /// The corresponding C call is `ptrace(PTRACE_POKEUSER)`.
  package func restartUnlessHandled() {
    _ = spawntrace_restart_call_without_handler(id)
  }

  /// The system call before which the thread stands, because our filter has picked it; nil where the
  /// thread is gone, or a filter of the program's own asks for a tracer. That one isn't meant for us:
  /// the call then fails with ENOSYS, as it does without any tracer (seccomp(2), SECCOMP_RET_TRACE).
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETREGS)`.
  package func systemCall() -> SystemCall? {
    guard eventMessage() == Int32(spawntrace_filter_mark) else {
      _ = spawntrace_refuse_call(id)
      return nil
    }
    return registers()?.systemCall
  }

  /// The registers with which the thread is stopped; nil where it is gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETREGS)`, on aarch64 `PTRACE_GETREGSET`.
  package func registers() -> ThreadRegisters? {
    var registers = spawntrace_registers()
    guard spawntrace_registers(id, &registers) == 0 else { return nil }
    return ThreadRegisters(registers)
  }
}

/// Asks a thread that runs or waits to stop; false where it is gone, or can't be asked.
///
/// The corresponding C call is `ptrace(PTRACE_INTERRUPT)`. The stop comes as ``WaitStatus/trap``, or as
/// the group-stop that the thread is in.
package func interrupt(thread: Int32) -> Bool {
  spawntrace_interrupt(thread) == 0
}

/// A system call that is about to be made.
package struct SystemCall: Equatable {
  package typealias Arguments = (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  package let number: Int
  package let arguments: Arguments
  /// What `pthread_self()` is in the thread; nil where the way in which it was seen doesn't tell.
  package let threadPointer: UInt64?

  package init(number: Int, arguments: Arguments, threadPointer: UInt64?) {
    self.number = number
    self.arguments = arguments
    self.threadPointer = threadPointer
  }

  /// Whether a call that has made a thread or a process has made a thread (CLONE_THREAD); nil where the
  /// registers don't tell: clone3(2) has its flags in memory, that others can write to.
  package var makesThread: Bool? {
    switch Int32(truncatingIfNeeded: number) {
    case SYS_clone: arguments.0 & UInt64(spawntrace_clone_thread) != 0
    case spawntrace_call_fork, spawntrace_call_vfork: false
    default: nil
    }
  }

  /// Whether it is the same call with the same arguments.
  package static func == (left: SystemCall, right: SystemCall) -> Bool {
    left.number == right.number && left.arguments == right.arguments
  }

  /// The argument at an index, from 0 to 5.
  package subscript(index: Int) -> UInt64 {
    switch index {
    case 0: arguments.0
    case 1: arguments.1
    case 2: arguments.2
    case 3: arguments.3
    case 4: arguments.4
    default: arguments.5
    }
  }
}
