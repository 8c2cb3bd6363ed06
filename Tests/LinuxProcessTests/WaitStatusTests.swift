import Glibc
import LinuxProcess
import Testing

/// The raw values are those that `wait(2)` gives on Linux, written out as `strace` shows them.
struct WaitStatusTests {
  @Test(arguments: [(0x0000, 0), (0x0100, 1), (0x7000, 112), (0xff00, 255)])
  func `exits`(raw: Int32, status: Int32) {
    #expect(WaitStatus(rawValue: raw) == .exited(status: status))
  }

  @Test(
    arguments: [
      (0x09, SIGKILL), (0x0f, SIGTERM), (0x0b, SIGSEGV), (0x8b, SIGSEGV), (0x86, SIGABRT),
      (0x85, SIGTRAP), (0x40, 64), (0x01, SIGHUP), (0x7e, 126),
    ] as [(Int32, Int32)])
  func `deaths of a signal, with and without a core`(raw: Int32, signal: Int32) {
    #expect(WaitStatus(rawValue: raw) == .killed(signal: signal))
  }

  @Test(
    arguments: [
      (0x0f7f, SIGTERM), (0x117f, SIGCHLD), (0x057f, SIGTRAP), (0x137f, SIGSTOP),
      (0x147f, SIGTSTP), (0x127f, SIGCONT), (0x407f, 64),
    ] as [(Int32, Int32)])
  func `stops before a signal is delivered carry no event, whatever the signal`(
    raw: Int32, signal: Int32
  ) {
    #expect(WaitStatus(rawValue: raw) == .signalDelivery(signal: signal))
  }

  @Test(
    arguments: [
      (0x80137f, SIGSTOP), (0x80147f, SIGTSTP), (0x80157f, SIGTTIN), (0x80167f, SIGTTOU),
    ] as [(Int32, Int32)])
  func `group-stops are stops of job control with PTRACE_EVENT_STOP`(raw: Int32, signal: Int32) {
    #expect(WaitStatus(rawValue: raw) == .groupStop(signal: signal))
  }

  @Test func `PTRACE_EVENT_STOP with SIGTRAP begins a tracee or ends a group-stop`() {
    #expect(WaitStatus(rawValue: 0x80057f) == .trap)
  }

  @Test func `events`() {
    #expect(WaitStatus(rawValue: 0x01057f) == .fork)
    #expect(WaitStatus(rawValue: 0x02057f) == .vfork)
    #expect(WaitStatus(rawValue: 0x03057f) == .clone)
    #expect(WaitStatus(rawValue: 0x04057f) == .exec)
    #expect(WaitStatus(rawValue: 0x06057f) == .exiting)
    #expect(WaitStatus(rawValue: 0x07057f) == .systemCall)
  }

  @Test(arguments: [0x05057f, 0x08057f, 0x7f057f] as [Int32])
  func `events that were not asked for: vfork's end, and what a newer kernel may bring`(
    raw: Int32
  ) {
    #expect(WaitStatus(rawValue: raw) == .unknown(rawValue: raw))
  }

  @Test func `the kernel's statuses of a shell that exits, and of one that kills itself`() throws {
    #expect(try status(of: "exit 3") == .exited(status: 3))
    #expect(try status(of: "kill -KILL $$") == .killed(signal: SIGKILL))
  }

  private func status(of script: String) throws -> WaitStatus {
    let words = ["sh", "-c", script]
    var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    arguments.append(nil)
    defer { arguments.forEach { free($0) } }
    var process: pid_t = 0
    try #require(posix_spawn(&process, "/bin/sh", nil, nil, arguments, environ) == 0)
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0 { try #require(errno == EINTR) }
    return WaitStatus(rawValue: status)
  }

  @Test func `a status that no kernel returns is harmless`() {
    #expect(WaitStatus(rawValue: -1) == .unknown(rawValue: -1))
    #expect(WaitStatus(rawValue: .min) == .exited(status: 0))
  }
}
