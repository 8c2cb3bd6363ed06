internal import LinuxProcess
internal import SystemPackage

/// The calls by which a thread installs the filter, and what follows each result. It makes none of
/// them itself.
struct FilterAttempt {
  typealias Call = BorrowedThread.Call

  enum Step: Equatable {
    case call(Call)
    /// The mechanism has changed. Its filter is another one, which the thread has to be given
    /// first.
    case changeFilter
    /// The thread has a listener at this descriptor: copy it.
    case copyListener(descriptor: Int32)
    case installed
    case refused(Errno)
  }

  private(set) var mechanism: Mechanism
  private var flags: BorrowedThread.FilterFlags = [.keepsSpeculation]
  private var hasRenouncedPrivileges = false

  /// - Parameter mechanism: The one to begin with; if it is refused the next one follows.
  init(_ mechanism: Mechanism, hasOneThread: Bool) {
    self.mechanism = mechanism
    if !hasOneThread { flags.insert(.allThreads) }
    if mechanism == .notify {
      flags.formUnion([.listens, .waitsKillable])
      if !hasOneThread { flags.insert(.failsForOtherThreads) }
    }
  }

  /// The call that installs the filter.
  var install: Call {
    .installFilter(flags: flags)
  }

  /// Returns what follows a call's result, which is negative for an errno.
  mutating func next(after call: Call, result: Int64) -> Step {
    let error = Errno(rawValue: Int32(clamping: -min(result, 0)))
    switch call {
    case .renouncePrivileges: return result < 0 ? .refused(error) : .call(install)
    case .close: return .installed
    case .installFilter where result < 0: return nextAfterRefusal(error)
    case .installFilter:
      guard mechanism == .notify else { return .installed }
      return .copyListener(descriptor: Int32(truncatingIfNeeded: result))
    }
  }

  /// The filter was refused: the kernel may accept it with fewer flags, or another one.
  private mutating func nextAfterRefusal(_ error: Errno) -> Step {
    switch error {
    case .permissionDenied where !hasRenouncedPrivileges:
      // Without CAP_SYS_ADMIN the kernel demands it (seccomp(2)).
      hasRenouncedPrivileges = true
      return .call(.renouncePrivileges)
    case .invalidArgument where flags.contains(.waitsKillable):
      flags.remove(.waitsKillable)
      return .call(install)
    case .noSuchProcess where flags.contains(.allThreads):
      // Another thread has a filter of its own. A filter for this thread alone is better than none.
      flags.subtract([.allThreads, .failsForOtherThreads])
      return .call(install)
    case _ where mechanism == .notify:
      // Another program listens here already, as in some containers.
      mechanism = .trace
      flags.subtract([.listens, .waitsKillable, .failsForOtherThreads])
      return .changeFilter
    default: return .refused(error)
    }
  }
}
