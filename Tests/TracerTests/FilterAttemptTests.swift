import LinuxProcess
import SystemPackage
import Testing

@testable import Tracer

/// The results are those of seccomp(2): a listener's descriptor, 0, or a negative errno.
struct FilterAttemptTests {
  private typealias Flags = BorrowedThread.FilterFlags

  private func result(_ error: Errno) -> Int64 { Int64(-error.rawValue) }

  /// Follows a step that must be a call.
  private func call(_ step: FilterAttempt.Step) throws -> FilterAttempt.Call {
    guard case .call(let call) = step else {
      throw UnexpectedStep(step: step)
    }
    return call
  }

  private struct UnexpectedStep: Error {
    let step: FilterAttempt.Step
  }

  @Test func `a notification filter's listener is copied, and closed in the process`() throws {
    var attempt = FilterAttempt(.notify, hasOneThread: true)
    let flags: Flags = [.keepsSpeculation, .listens, .waitsKillable]
    #expect(attempt.install == .installFilter(flags: flags))
    let copied = attempt.next(after: attempt.install, result: 5)
    #expect(copied == .copyListener(descriptor: 5))
    let installed = attempt.next(after: .close(descriptor: 5), result: 0)
    #expect(installed == .installed)
  }

  @Test func `a descriptor of 0 is a listener, too`() {
    var attempt = FilterAttempt(.notify, hasOneThread: true)
    let step = attempt.next(after: attempt.install, result: 0)
    #expect(step == .copyListener(descriptor: 0))
  }

  @Test func `a process of several threads gets its filter on all of them`() {
    let notify: Flags = [
      .keepsSpeculation, .listens, .waitsKillable, .allThreads, .failsForOtherThreads,
    ]
    #expect(
      FilterAttempt(.notify, hasOneThread: false).install == .installFilter(flags: notify))
    // Without a listener the flag that reports a failing thread by an errno isn't needed.
    #expect(
      FilterAttempt(.trace, hasOneThread: false).install
        == .installFilter(flags: [.keepsSpeculation, .allThreads]))
  }

  @Test func `a trace filter has no listener`() {
    var attempt = FilterAttempt(.trace, hasOneThread: true)
    #expect(attempt.install == .installFilter(flags: [.keepsSpeculation]))
    let step = attempt.next(after: attempt.install, result: 0)
    #expect(step == .installed)
  }

  @Test(arguments: [Mechanism.notify, .trace])
  func `privileges are renounced once, if the kernel demands it`(mechanism: Mechanism) throws {
    var attempt = FilterAttempt(mechanism, hasOneThread: true)
    let install = attempt.install
    let renounce = attempt.next(after: install, result: result(.permissionDenied))
    #expect(renounce == .call(.renouncePrivileges))
    let again = attempt.next(after: .renouncePrivileges, result: 0)
    #expect(again == .call(install))
    let refused = attempt.next(after: install, result: result(.permissionDenied))
    #expect(refused == (mechanism == .notify ? .changeFilter : .refused(.permissionDenied)))
  }

  @Test func `privileges that can't be renounced end the attempt`() {
    var attempt = FilterAttempt(.notify, hasOneThread: true)
    _ = attempt.next(after: attempt.install, result: result(.permissionDenied))
    let step = attempt.next(after: .renouncePrivileges, result: result(.notPermitted))
    #expect(step == .refused(.notPermitted))
  }

  @Test func `a kernel before 5.19 doesn't have killable waits`() throws {
    var attempt = FilterAttempt(.notify, hasOneThread: true)
    let call = try call(attempt.next(after: attempt.install, result: result(.invalidArgument)))
    #expect(call == .installFilter(flags: [.keepsSpeculation, .listens]))
    // A second refusal has another reason.
    let step = attempt.next(after: call, result: result(.invalidArgument))
    #expect(step == .changeFilter)
  }

  @Test func `if another thread has a filter of its own, this one gets ours alone`() throws {
    var attempt = FilterAttempt(.notify, hasOneThread: false)
    let call = try call(attempt.next(after: attempt.install, result: result(.noSuchProcess)))
    #expect(call == .installFilter(flags: [.keepsSpeculation, .listens, .waitsKillable]))
  }

  @Test func `if another program listens already, a trace filter is installed`() {
    var attempt = FilterAttempt(.notify, hasOneThread: false)
    let change = attempt.next(after: attempt.install, result: result(.resourceBusy))
    #expect(change == .changeFilter)
    #expect(attempt.mechanism == .trace)
    #expect(attempt.install == .installFilter(flags: [.keepsSpeculation, .allThreads]))
    let refused = attempt.next(after: attempt.install, result: result(.noMemory))
    #expect(refused == .refused(.noMemory))
  }
}
