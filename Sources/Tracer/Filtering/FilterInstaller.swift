internal import Glibc
internal import LinuxProcess
internal import SystemPackage
internal import TraceModel

/// Puts running processes under the filter: one of their threads installs it.
///
/// A filter adds about 40 ns to each system call of its process and can't be removed, so only
/// processes with calls that can prove something get one. Installing takes several stops of the
/// thread; other stops in between are served as always.
struct FilterInstaller {
  enum Progress {
    /// The thread is to run on to the next boundary of a system call.
    case working
    /// The filter is installed, with a listener if the mechanism has one.
    case installed(NotificationListener?)
    case refused(Errno)
  }

  private let mechanism: Mechanism
  private let notifyFilter: FilterProgram
  private let traceFilter: FilterProgram
  /// How many filters this process runs under, and so its children: a container's.
  private static let inheritedFilterCount = StatusFields.own?.filterCount

  /// - Parameter mechanism: The one to begin with; if it is refused the next one follows.
  init(_ patterns: [CallPattern], mechanism: Mechanism) {
    self.mechanism = mechanism
    notifyFilter = FilterProgram(patterns, action: .notify)
    traceFilter = FilterProgram(patterns, action: .trace)
  }

  /// Begins with a thread in a stop.
  ///
  /// - Parameter isInCall: Whether the thread is stopped within a system call. Then it has to leave
  ///   that first.
  func begin(
    _ stop: borrowing StoppedThread, _ thread: TracedThread, isInCall: Bool
  ) -> Progress {
    let process = thread.process
    // A program's own filter may forbid the calls that install ours.
    if let count = StatusFields(of: process.id)?.filterCount, count != Self.inheritedFilterCount {
      return .refused(.notPermitted)
    }
    let attempt = FilterAttempt(mechanism, hasOneThread: process.hasOneThread)
    let installation = FilterInstallation(attempt)
    thread.installation = installation
    return isInCall ? .working : borrow(stop, thread, installation)
  }

  /// Goes on with a thread that is at a boundary of a system call; nil if it isn't installing a
  /// filter.
  func advance(_ stop: borrowing StoppedThread, _ thread: TracedThread) -> Progress? {
    guard let installation = thread.installation else { return nil }
    switch installation.step {
    case .leavingCall: return borrow(stop, thread, installation)
    case .calling(let call, hasBegun: false):
      installation.step = .calling(call, hasBegun: true)
      return .working
    case .calling(let call, hasBegun: true):
      guard let result = installation.borrowed?.result(in: stop) else { return gone(thread) }
      return follow(
        installation.attempt.next(after: call, result: result), stop, thread, installation)
    }
  }

  private func borrow(
    _ stop: borrowing StoppedThread, _ thread: TracedThread, _ installation: FilterInstallation
  ) -> Progress {
    let filter = installation.attempt.mechanism == .notify ? notifyFilter : traceFilter
    do {
      let process = thread.process
      let vector =
        process.image?.auxiliaryVector(of: process.id) ?? AuxiliaryVector(process: process.id)
      installation.borrowed = try BorrowedThread(stop, vector, filter: filter)
    } catch {
      thread.installation = nil
      return .refused(error.errno)
    }
    return make(installation.attempt.install, stop, thread, installation)
  }

  private func make(
    _ call: BorrowedThread.Call, _ stop: borrowing StoppedThread, _ thread: TracedThread,
    _ installation: FilterInstallation
  ) -> Progress {
    guard installation.borrowed?.prepare(call, in: stop) == true else { return gone(thread) }
    installation.step = .calling(call, hasBegun: false)
    return .working
  }

  private func follow(
    _ step: FilterAttempt.Step, _ stop: borrowing StoppedThread, _ thread: TracedThread,
    _ installation: FilterInstallation
  ) -> Progress {
    switch step {
    case .call(let call): return make(call, stop, thread, installation)
    case .changeFilter:
      installation.borrowed?.giveBack(stop)
      return borrow(stop, thread, installation)
    case .copyListener(let descriptor):
      guard let listener = copyDescriptor(descriptor, of: thread.process.id) else {
        // Without a listener each call that is picked would fail: the process can't run on.
        send(SIGKILL, to: thread.process.id)
        return finish(.refused(.badFileDescriptor), stop, thread, installation)
      }
      installation.listener = NotificationListener(listener)
      return make(.close(descriptor: descriptor), stop, thread, installation)
    case .installed:
      return finish(.installed(installation.listener), stop, thread, installation)
    case .refused(let error): return finish(.refused(error), stop, thread, installation)
    }
  }

  private func finish(
    _ progress: Progress, _ stop: borrowing StoppedThread, _ thread: TracedThread,
    _ installation: FilterInstallation
  ) -> Progress {
    installation.borrowed?.giveBack(stop)
    thread.installation = nil
    return progress
  }

  /// The thread was killed in its stop: it has no registers to restore.
  private func gone(_ thread: TracedThread) -> Progress {
    thread.installation = nil
    return .refused(.noSuchProcess)
  }
}
