internal import CSpawnTrace
internal import Glibc

/// A system call in which programs wait, and how its arguments show for what (section 2 of the man
/// pages).
package struct BlockingCall: Sendable {
  /// The meaning of the arguments. An index counts arguments from 0.
  package enum Form: Hashable, Sendable {
    case read(descriptor: Int)
    case write(descriptor: Int)
    /// wait4: a child's number is the first argument.
    case child
    case waitID
    case futex
    case poll(Timeout)
    case select
    case epoll
    case sleep
    /// The timeout's index, if it has one.
    case signal(timeout: Int?)
    case fileLock
    case vfork
  }

  package enum Timeout: Hashable, Sendable {
    case milliseconds
    case pointer
  }

  package let name: String
  package let form: Form

  /// The call of a number; nil if programs don't wait in it.
  package init?(number: Int) {
    guard let known = Self.table[Int32(truncatingIfNeeded: number)] else { return nil }
    (name, form) = known
  }

  private static let table: [Int32: (name: String, form: Form)] = {
    var table: [Int32: (String, Form)] = [
      SYS_read: ("read", .read(descriptor: 0)), SYS_readv: ("readv", .read(descriptor: 0)),
      SYS_recvfrom: ("recvfrom", .read(descriptor: 0)),
      SYS_recvmsg: ("recvmsg", .read(descriptor: 0)),
      SYS_accept: ("accept", .read(descriptor: 0)), SYS_accept4: ("accept4", .read(descriptor: 0)),
      SYS_splice: ("splice", .read(descriptor: 0)),
      SYS_write: ("write", .write(descriptor: 0)), SYS_writev: ("writev", .write(descriptor: 0)),
      SYS_sendto: ("sendto", .write(descriptor: 0)),
      SYS_sendmsg: ("sendmsg", .write(descriptor: 0)),
      SYS_connect: ("connect", .write(descriptor: 0)),
      SYS_sendfile: ("sendfile", .write(descriptor: 0)),
      SYS_wait4: ("wait4", .child), SYS_waitid: ("waitid", .waitID), SYS_futex: ("futex", .futex),
      SYS_ppoll: ("ppoll", .poll(.pointer)), SYS_pselect6: ("pselect6", .select),
      SYS_epoll_pwait: ("epoll_pwait", .epoll), SYS_nanosleep: ("nanosleep", .sleep),
      SYS_clock_nanosleep: ("clock_nanosleep", .sleep),
      // A wait with a timeout that a stop has interrupted before.
      SYS_restart_syscall: ("restart_syscall", .sleep),
      SYS_rt_sigsuspend: ("rt_sigsuspend", .signal(timeout: nil)),
      SYS_rt_sigtimedwait: ("rt_sigtimedwait", .signal(timeout: 2)),
      SYS_flock: ("flock", .fileLock), SYS_fcntl: ("fcntl", .fileLock),
      SYS_clone: ("clone", .vfork), SYS_clone3: ("clone3", .vfork),
    ]
    #if arch(x86_64)
      table[SYS_poll] = ("poll", .poll(.milliseconds))
      table[SYS_select] = ("select", .select)
      table[SYS_epoll_wait] = ("epoll_wait", .epoll)
      table[SYS_pause] = ("pause", .signal(timeout: nil))
      table[SYS_vfork] = ("vfork", .vfork)
    #endif
    return table
  }()
}

extension SystemCall {
  /// The poll(2) with these arguments, if the call continues one that a stop has interrupted, or a
  /// sleep (restart_syscall(2)); nil for other calls, and where there is no poll(2).
  package var restartedPoll: SystemCall? {
    #if arch(x86_64)
      guard number == Int(SYS_restart_syscall) else { return nil }
      return SystemCall(number: Int(SYS_poll), arguments: arguments, threadPointer: threadPointer)
    #else
      return nil
    #endif
  }

  /// Whether it waits until another thread or process does something, without a timeout.
  package var isEndlessWait: Bool {
    guard let known = BlockingCall(number: number) else { return false }
    return switch known.form {
    case .futex: self[3] == 0
    case .poll(.milliseconds): Int32(truncatingIfNeeded: self[2]) < 0
    case .poll(.pointer): self[2] == 0
    case .select: self[4] == 0
    case .epoll: Int32(truncatingIfNeeded: self[3]) < 0
    case .sleep: false
    case .signal(let timeout): timeout.map { self[$0] == 0 } ?? true
    default: true
    }
  }

  /// Whether it reads, and waits until there is something to read.
  package var isRead: Bool {
    if case .read = BlockingCall(number: number)?.form { true } else { false }
  }

  /// Whether it waits for a lock, a semaphore or a condition of another thread or process.
  package var isFutex: Bool { BlockingCall(number: number)?.form == .futex }

  /// Whether the thread is about to end its whole process.
  package var isExitOfProcess: Bool { Int32(truncatingIfNeeded: number) == SYS_exit_group }

  /// Whether the thread is about to run another program.
  package var isExecute: Bool {
    let number = Int32(truncatingIfNeeded: number)
    return number == SYS_execve || number == SYS_execveat
  }
}
