internal import CSpawnTrace
internal import Glibc

/// Numbers of system calls that some architectures don't have.
package enum CallNumber {
  #if arch(x86_64)
    package static let open: Int32? = SYS_open
    package static let fork: Int32? = SYS_fork
    package static let vfork: Int32? = SYS_vfork
    package static let creat: Int32? = SYS_creat
    package static let mkdir: Int32? = SYS_mkdir
  #else
    // The newer architectures have only openat and clone.
    package static let open: Int32? = nil
    package static let fork: Int32? = nil
    package static let vfork: Int32? = nil
    package static let creat: Int32? = nil
    package static let mkdir: Int32? = nil
  #endif
  /// The same on every architecture; newer than the headers of some distributions.
  package static let openat2: Int32 = 437
}

extension SystemCall {
  /// Whether a call that has created a thread or a process has created a thread (CLONE_THREAD); nil
  /// if the registers don't show it: clone3(2) has its flags in memory, which other threads can
  /// change.
  package var createsThread: Bool? {
    let number = Int32(truncatingIfNeeded: number)
    if number == SYS_clone { return arguments.0 & UInt64(spawntrace_clone_thread) != 0 }
    if number == CallNumber.fork || number == CallNumber.vfork { return false }
    return nil
  }
}
