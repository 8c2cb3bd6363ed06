import Glibc
import LinuxProcess
import Testing
import TraceModel

struct StatusFieldsTests {
  @Test func `this process, by its fields`() throws {
    let fields = try #require(StatusFields.own)
    #expect(fields.process == ownProcess)
    #expect(fields.parent?.rawValue == getppid())
    #expect(fields["Pid"] == "\(getpid())")
    #expect(fields["Uid"]?.split(separator: "\t").first == "\(getuid())")
    #expect(try #require(fields.threadCount) >= 1)
    #expect(fields.idInOwnNamespace == ownThread)
  }

  @Test func `a thread's fields name its process`() throws {
    let thread = callingThread()
    let fields = try #require(StatusFields(of: thread))
    #expect(fields.process == ownProcess)
    #expect(fields["Pid"] == "\(thread)")
  }

  @Test(arguments: [SIG_BLOCK, SIG_UNBLOCK])
  func `a thread that blocks SIGCHLD handles it`(how: Int32) throws {
    // Of this thread alone.
    var (only, before) = (sigset_t(), sigset_t())
    sigemptyset(&only)
    sigaddset(&only, SIGCHLD)
    pthread_sigmask(how, &only, &before)
    defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
    let fields = try #require(StatusFields(of: callingThread()))
    let others = ["SigIgn", "SigCgt"].compactMap { fields[$0].flatMap { UInt64($0, radix: 16) } }
    let isCaught = others.contains { $0 >> UInt64(SIGCHLD - 1) & 1 == 1 }
    #expect(fields.handlesChildSignal == (how == SIG_BLOCK || isCaught))
  }

  private static func fields(ignored: UInt64 = 0, caught: UInt64 = 0) -> StatusFields {
    func mask(_ mask: UInt64) -> String { String(mask, radix: 16) }
    let text = "SigBlk:\t0\nSigIgn:\t\(mask(ignored))\nSigCgt:\t\(mask(caught))\n"
    return StatusFields(parsing: Array(text.utf8))
  }

  private static func bit(_ signal: Int32) -> UInt64 { 1 << UInt64(signal - 1) }

  @Test func `a signal that ends processes by default does so unless it is caught or ignored`() {
    #expect(Self.fields().isTerminated(by: SIGTERM))
    #expect(Self.fields().isTerminated(by: 64))
    #expect(!Self.fields(ignored: Self.bit(SIGTERM)).isTerminated(by: SIGTERM))
    #expect(!Self.fields(caught: Self.bit(SIGTERM)).isTerminated(by: SIGTERM))
    #expect(Self.fields(caught: Self.bit(SIGINT)).isTerminated(by: SIGTERM))
    for signal in [SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSTOP, SIGTSTP, 0, 65] {
      #expect(!Self.fields().isTerminated(by: signal), "signal \(signal)")
    }
  }

  @Test func `a signal is ignored by request, or by default without a handler`() {
    #expect(Self.fields(ignored: Self.bit(SIGTERM)).isIgnored(SIGTERM))
    #expect(!Self.fields().isIgnored(SIGTERM))
    #expect(Self.fields().isIgnored(SIGCHLD))
    #expect(!Self.fields(caught: Self.bit(SIGCHLD)).isIgnored(SIGCHLD))
  }

  @Test(arguments: ["Pi", "VmPea", "Tgid:", "", "tgid"])
  func `a field is found by its whole name`(name: String) throws {
    #expect(try #require(StatusFields.own)[name] == nil)
  }

  @Test func `a process that isn't there has no fields`() {
    #expect(StatusFields(of: noProcess) == nil)
    #expect(StatusFields(of: ProcessID(rawValue: -1)) == nil)
  }
}
