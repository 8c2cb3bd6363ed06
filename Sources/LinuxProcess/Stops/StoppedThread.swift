internal import CSpawnTrace
internal import Glibc
package import TraceModel

/// The result of resuming a thread.
package enum Resumption: Hashable, Sendable {
  case running
  /// Something killed it in its stop (ESRCH); `wait(2)` will report its end.
  case gone
}

/// A thread in a ptrace stop. Only such a thread can be examined, and each way on consumes the
/// value.
///
/// The corresponding C call of each method is a request of `ptrace(2)`. All must come from the
/// thread that launched the program.
package struct StoppedThread: ~Copyable {
  package let id: ThreadID

  package init(id: ThreadID) {
    self.id = id
  }

  /// Lets the thread run on, and delivers `signal` to it unless that is 0.
  ///
  /// The corresponding C call is `ptrace(PTRACE_CONT)`.
  package consuming func resume(delivering signal: Int32 = 0) -> Resumption {
    spawntrace_continue(id.rawValue, signal) == 0 ? .running : .gone
  }

  /// Lets the thread run on to the next beginning or end of a system call
  /// (``WaitStatus/callBoundary``).
  ///
  /// The corresponding C call is `ptrace(PTRACE_SYSCALL)`.
  package consuming func resumeToCall(delivering signal: Int32 = 0) -> Resumption {
    spawntrace_continue_to_call(id.rawValue, signal) == 0 ? .running : .gone
  }

  /// Leaves the thread in its group-stop until SIGCONT ends it.
  ///
  /// The corresponding C call is `ptrace(PTRACE_LISTEN)`; PTRACE_CONT would end the stop.
  package consuming func stayStopped() -> Resumption {
    spawntrace_listen(id.rawValue) == 0 ? .running : .gone
  }

  /// The thread that an event has created. Its process has the same number if the thread is the
  /// first one. nil if the stopped thread is gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETEVENTMSG)`.
  package func createdThread() -> ThreadID? {
    eventMessage().map(ThreadID.init(rawValue:))
  }

  /// How the thread ends that is in its exit stop; nil if it is gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETEVENTMSG)`.
  package func exitStatus() -> WaitStatus? {
    eventMessage().map(WaitStatus.init(rawValue:))
  }

  /// Makes the thread, and those that it creates from now on, stop at its exit, or not.
  ///
  /// The corresponding C call is `ptrace(PTRACE_SETOPTIONS)`.
  package func setExitStop(_ isWanted: Bool) {
    _ = spawntrace_set_exit_stop(id.rawValue, isWanted)
  }

  private func eventMessage() -> Int32? {
    var message: UInt = 0
    return spawntrace_event_message(id.rawValue, &message) == 0
      ? Int32(truncatingIfNeeded: message) : nil
  }

  /// The process that sent the signal that is about to be delivered; nil if the kernel did, or the
  /// thread is gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETSIGINFO)`.
  package func signalSender() -> ProcessID? {
    var origin = spawntrace_signal_origin()
    guard spawntrace_signal_origin(id.rawValue, &origin) == 0, origin.sender != 0 else {
      return nil
    }
    return ProcessID(rawValue: origin.sender)
  }

  /// The system call that the signal of this stop has interrupted, if a handler could make it fail
  /// with EINTR; nil if there is no such call, or the architecture doesn't show it.
  package func interruptedCall() -> SystemCall? {
    var registers = spawntrace_registers()
    guard spawntrace_interrupted_call(id.rawValue, &registers) else { return nil }
    return ThreadRegisters(registers).systemCall
  }

  /// Has the interrupted call made again after the handler, whatever the handler's flags.
  ///
  /// The corresponding C call is `ptrace(PTRACE_POKEUSER)`.
  package func restartCall() {
    _ = spawntrace_restart_call(id.rawValue)
  }

  /// Whether the signal of this stop, which the program ignores, has made a call fail with EINTR
  /// that an untraced thread would have gone on with: the kernel drops an ignored signal at once,
  /// but for a tracee it wakes the thread first (kernel/signal.c, `sig_ignored`).
  ///
  /// Only calls are meant that the kernel doesn't make again by itself (signal(7), "Interruption of
  /// system calls and library functions by stop signals"). Known on x86_64.
  package func hasCallFailed(byIgnored signal: Int32) -> Bool {
    guard spawntrace_call_failed_by_signal(id.rawValue) else { return false }
    // What isn't known does no harm: if there is a handler, the call fails all the same.
    return StatusFields(of: id)?.isIgnored(signal) ?? true
  }

  /// Has that call made again, unless a handler of another signal runs first. A timeout that it had
  /// begins anew.
  ///
  /// The corresponding C call is `ptrace(PTRACE_POKEUSER)`.
  package func restartUnlessHandled() {
    _ = spawntrace_restart_call_without_handler(id.rawValue)
  }

  /// Has the call made again that a stop without a signal has made fail with EINTR, as the kernel
  /// never makes it again by itself. A timeout that it had begins anew.
  package func restartFailedCall() {
    if spawntrace_call_failed_by_signal(id.rawValue) {
      _ = spawntrace_restart_call_without_handler(id.rawValue)
    }
  }

  /// The system call before which our filter has stopped the thread; nil if the thread is gone, or
  /// if a filter of the program's own has stopped it. Such a stop isn't meant for us: the call is
  /// made to fail with ENOSYS, as it does without any tracer (seccomp(2), SECCOMP_RET_TRACE).
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETREGS)`.
  package func filteredCall() -> SystemCall? {
    guard eventMessage() == Int32(spawntrace_filter_mark) else {
      _ = spawntrace_refuse_call(id.rawValue)
      return nil
    }
    return registers()?.systemCall
  }

  /// The registers of the thread; nil if it is gone.
  ///
  /// The corresponding C call is `ptrace(PTRACE_GETREGS)`, on aarch64 `PTRACE_GETREGSET`.
  package func registers() -> ThreadRegisters? {
    var registers = spawntrace_registers()
    guard spawntrace_registers(id.rawValue, &registers) == 0 else { return nil }
    return ThreadRegisters(registers)
  }
}

/// Asks a thread that runs or waits to stop; false if it is gone, or can't be asked.
///
/// The corresponding C call is `ptrace(PTRACE_INTERRUPT)`. The stop comes as ``WaitStatus/trap``,
/// or as the group-stop that the thread is in.
package func interrupt(_ thread: ThreadID) -> Bool {
  spawntrace_interrupt(thread.rawValue) == 0
}
