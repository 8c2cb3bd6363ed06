internal import CSpawnTrace
internal import Glibc

/// The status that `wait(2)` reports of a tracee that was seized, as one value.
///
/// The ambiguities of the raw status are decided here and nowhere else (ptrace(2), "Group-stop" and
/// "PTRACE_EVENT stops"): under PTRACE_SEIZE a group-stop carries PTRACE_EVENT_STOP, so a stop
/// without an event is always one before the delivery of a signal.
package enum WaitStatus: Hashable, Sendable {
  case exited(status: Int32)
  case killed(signal: Int32)
  /// Before a signal is delivered; the program sees it only if it is given back at the resumption.
  case signalDelivery(signal: Int32)
  /// All threads of the process are stopped by a signal of job control.
  case groupStop(signal: Int32)
  /// A new tracee's first stop, the end of a group-stop, or a stop that `interrupt` has asked for.
  case trap
  case fork
  case vfork
  /// A new thread, or a process that doesn't send SIGCHLD at its end.
  case clone
  case exec
  /// A thread is about to end, and stands still with its memory and registers.
  case exiting
  /// Before a system call for which the filter says SECCOMP_RET_TRACE.
  case systemCall
  /// At the beginning or the end of a system call, after
  /// ``StoppedThread/resumeToCall(delivering:)``.
  case callBoundary
  /// An event that was not asked for.
  case unknown(rawValue: Int32)

  package init(rawValue: Int32) {
    // The macros of <sys/wait.h>: the low seven bits are the signal that ended the process, 0 for
    // an exit and 0x7f for a stop; a stop has its signal in bits 8 to 15 and its event above.
    let low = rawValue & 0x7f
    let signal = rawValue >> 8 & 0xff
    switch (low, UInt32(bitPattern: rawValue) >> 16) {
    case (0, _):
      self = .exited(status: signal)
    case (let ending, _) where ending != 0x7f:
      self = .killed(signal: ending)
    case (_, 0):
      // PTRACE_O_TRACESYSGOOD sets the eighth bit, which a SIGTRAP doesn't have.
      self = signal == SIGTRAP | 0x80 ? .callBoundary : .signalDelivery(signal: signal)
    case (_, spawntrace_event_stop.rawValue):
      self = Self.stopsProcesses(signal) ? .groupStop(signal: signal) : .trap
    case (_, spawntrace_event_fork.rawValue):
      self = .fork
    case (_, spawntrace_event_vfork.rawValue):
      self = .vfork
    case (_, spawntrace_event_clone.rawValue):
      self = .clone
    case (_, spawntrace_event_exec.rawValue):
      self = .exec
    case (_, spawntrace_event_exit.rawValue):
      self = .exiting
    case (_, spawntrace_event_seccomp.rawValue):
      self = .systemCall
    default:
      self = .unknown(rawValue: rawValue)
    }
  }

  private static func stopsProcesses(_ signal: Int32) -> Bool {
    switch signal {
    case SIGSTOP, SIGTSTP, SIGTTIN, SIGTTOU: true
    default: false
    }
  }
}
