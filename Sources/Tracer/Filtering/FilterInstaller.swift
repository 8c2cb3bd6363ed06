internal import LinuxProcess
internal import SystemPackage

/// Puts the filter into processes that run already, by having one of their threads install it.
///
/// A filter costs each system call of its process some 40 ns, and can't be taken out again, so that only
/// those get one whose calls can prove something. It takes some stops of the thread; what else stops it
/// in between is served as always.
final class FilterInstaller {
  /// How a thread's work goes on.
  enum Progress {
    /// It is to run on to the next boundary of a system call.
    case working
    /// The filter is there; the listener where it has one.
    case installed(NotificationListener?)
    case refused(Errno)
  }

  private enum Step {
    /// The thread is to come to the end of the call in which it stands.
    case leaving
    case calling(BorrowedThread.Call, hasBegun: Bool)
  }

  private struct Work {
    let process: Int32
    var step: Step
    var borrowed: BorrowedThread?
    var mechanism: Mechanism
    var flags: BorrowedThread.FilterFlags
    var hasRenounced = false
    var listener: NotificationListener?
  }

  private var works: [Int32: Work] = [:]
  private let mechanism: Mechanism
  private let notifyFilter: FilterProgram
  private let traceFilter: FilterProgram
  /// How many filters lie over this process and so over its children: a container's.
  private static let inheritedFilters = StatusFile.ownFilterCount

  /// - Parameter mechanism: The one to begin with; a refused one is followed by the next.
  init(_ patterns: [CallPattern], mechanism: Mechanism) {
    self.mechanism = mechanism
    notifyFilter = FilterProgram(patterns, action: .notify)
    traceFilter = FilterProgram(patterns, action: .trace)
  }

  /// Whether a thread is at it, and is to stop at the next boundary of a system call.
  func isWorking(_ thread: Int32) -> Bool {
    works[thread] != nil
  }

  /// A thread is gone, or runs another program.
  func forget(_ thread: Int32) {
    if !works.isEmpty { works[thread] = nil }
  }

  /// Begins with a thread in a stop.
  ///
  /// - Parameters:
  ///   - isInCall: Whether the stop is one within a system call, of which the end is awaited first.
  ///   - isAlone: Whether the process has no other thread.
  func begin(
    _ thread: borrowing StoppedThread, of process: Int32, isInCall: Bool, isAlone: Bool
  ) -> Progress {
    var flags: BorrowedThread.FilterFlags = [.keepsSpeculation]
    if !isAlone { flags.insert(.allThreads) }
    let work = Work(process: process, step: .leaving, mechanism: mechanism, flags: flags)
    // What a program allows itself by a filter of its own need not include ours.
    if let count = StatusFile(process: process)?.filterCount, count != Self.inheritedFilters {
      return .refused(.notPermitted)
    }
    works[thread.id] = work
    return isInCall ? .working : borrow(thread, work)
  }

  /// The thread stands at a boundary of a system call.
  func advance(_ thread: borrowing StoppedThread) -> Progress {
    guard var work = works[thread.id] else { return .refused(.noSuchProcess) }
    switch work.step {
    case .leaving: return borrow(thread, work)
    case .calling(let call, hasBegun: false):
      work.step = .calling(call, hasBegun: true)
      works[thread.id] = work
      return .working
    case .calling(let call, hasBegun: true):
      guard let result = work.borrowed?.result(in: thread) else { return gone(thread) }
      return returned(call, result, thread, work)
    }
  }

  private func borrow(_ thread: borrowing StoppedThread, _ work: Work) -> Progress {
    var work = work
    let filter = work.mechanism == .notify ? notifyFilter : traceFilter
    do {
      work.borrowed = try BorrowedThread(thread, of: work.process, filter: filter)
    } catch {
      works[thread.id] = nil
      return .refused(error.errno)
    }
    if work.mechanism == .notify { work.flags.formUnion([.listens, .waitsKillable]) }
    if work.flags.isSuperset(of: [.listens, .allThreads]) {
      work.flags.insert(.failsForOtherThreads)
    }
    return call(.installFilter(flags: work.flags), thread, work)
  }

  private func call(
    _ call: BorrowedThread.Call, _ thread: borrowing StoppedThread, _ work: Work
  ) -> Progress {
    var work = work
    guard work.borrowed?.prepare(call, in: thread) == true else { return gone(thread) }
    work.step = .calling(call, hasBegun: false)
    works[thread.id] = work
    return .working
  }

  private func returned(
    _ call: BorrowedThread.Call, _ result: Int64, _ thread: borrowing StoppedThread,
    _ work: Work
  ) -> Progress {
    var work = work
    let error = Errno(rawValue: Int32(clamping: -min(result, 0)))
    switch call {
    case .renouncePrivileges where result < 0: return finish(thread, work, .refused(error))
    case .renouncePrivileges:
      return self.call(.installFilter(flags: work.flags), thread, work)
    case .close: return finish(thread, work, .installed(work.listener))
    case .installFilter where result >= 0:
      guard work.mechanism == .notify else { return finish(thread, work, .installed(nil)) }
      let descriptor = Int32(truncatingIfNeeded: result)
      guard let listener = copyDescriptor(descriptor, of: work.process) else {
        // Without it each call that is picked would fail: the process can't be let go on.
        send(9, to: work.process)
        return finish(thread, work, .refused(.badFileDescriptor))
      }
      work.listener = NotificationListener(listener)
      return self.call(.close(descriptor: descriptor), thread, work)
    case .installFilter: return retry(after: error, thread, work)
    }
  }

  /// The filter was refused: with less, perhaps it isn't.
  private func retry(
    after error: Errno, _ thread: borrowing StoppedThread, _ work: Work
  ) -> Progress {
    var work = work
    switch error {
    case .permissionDenied where !work.hasRenounced:
      // Without CAP_SYS_ADMIN the kernel demands it (seccomp(2)).
      work.hasRenounced = true
      return call(.renouncePrivileges, thread, work)
    case .invalidArgument where work.flags.contains(.waitsKillable):
      work.flags.remove(.waitsKillable)
    case .noSuchProcess where work.flags.contains(.allThreads):
      // Another thread has a filter of its own; this one is better than none.
      work.flags.subtract([.allThreads, .failsForOtherThreads])
    case _ where work.mechanism == .notify:
      // Somebody listens here already, as in some containers.
      work.borrowed?.giveBack(thread)
      work.mechanism = .trace
      work.flags.subtract([.listens, .waitsKillable, .failsForOtherThreads])
      return borrow(thread, work)
    default: return finish(thread, work, .refused(error))
    }
    return call(.installFilter(flags: work.flags), thread, work)
  }

  private func finish(
    _ thread: borrowing StoppedThread, _ work: Work, _ progress: Progress
  ) -> Progress {
    var work = work
    work.borrowed?.giveBack(thread)
    works[thread.id] = nil
    return progress
  }

  private func gone(_ thread: borrowing StoppedThread) -> Progress {
    works[thread.id] = nil
    return .refused(.noSuchProcess)
  }
}
