import Glibc
import LinuxProcess
import SystemPackage
import TestSupport
import Testing
import TraceModel

/// Calls of a program that has installed a filter on itself, received through its listener.
///
/// They need a kernel that lets this process use seccomp notifications. Some containers don't.
@Suite(
  .enabled(
    if: Mechanism.available(from: .notify).mechanism == .notify,
    "seccomp notifications are not available here"))
struct NotificationTests {
  /// Puts its listener at the descriptor 100, reports that, and changes its directory.
  private static let program = """
    #include <linux/filter.h>
    #include <linux/seccomp.h>
    #include <sys/prctl.h>
    #include <sys/syscall.h>
    #include <unistd.h>
    int main(void) {
      struct sock_filter filter[] = {
          {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
          {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, SYS_chdir},
          {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_USER_NOTIF},
          {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
      struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
      int listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                             SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
      if (listener < 0 || dup2(listener, 100) != 100 || write(1, "x", 1) != 1) return 99;
      return chdir("/usr") == 0 ? 7 : 98;
    }
    """

  /// Starts the program, and calls `body` with its process and its listener.
  private func withProgram(
    answersInOneStep: Bool = false, _ body: (pid_t, NotificationListener) throws -> Void
  ) throws {
    let path = try CProgram.build(Self.program)
    var ends: [Int32] = [-1, -1]
    try #require(Glibc.pipe(&ends) == 0)
    defer { close(ends[0]) }
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    var child: pid_t = 0
    let name = strdup(path)
    defer { free(name) }
    let error = posix_spawn(&child, path, &actions, nil, [name, nil], environ)
    close(ends[1])
    try #require(error == 0)
    defer { kill(child, SIGKILL) }
    var byte: UInt8 = 0
    try #require(read(ends[0], &byte, 1) == 1)
    guard let descriptor = copyDescriptor(100, of: ProcessID(rawValue: child)) else {
      Issue.record("the listener can't be copied")
      return
    }
    try body(child, NotificationListener(descriptor, answersInOneStep: answersInOneStep))
  }

  private func path(_ call: SystemCall, of thread: ThreadID) -> String? {
    // The bytes are the reader's.
    withExtendedLifetime(StringArgumentReader()) { reader in
      reader.bytes(at: call[0], of: thread).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  @Test func `what was read of a thread that waits is kept, and its call then goes on`() throws {
    try withProgram { child, listener in
      guard let waiting = listener.next() else {
        Issue.record("no call has come")
        return
      }
      let thread = waiting.thread
      #expect(thread.rawValue == child)
      let read = waiting.examined { path($0, of: thread) }
      #expect(read == "/usr")
      let nothing: Int? = waiting.examined { _ in nil }
      #expect(nothing == nil)
      #expect(waiting.resume() == .running)
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0 { try #require(errno == EINTR) }
      #expect(WaitStatus(rawValue: status) == .exited(status: 7))
    }
  }

  @Test func `what was read of a thread that was killed meanwhile is dropped`() throws {
    try withProgram { child, listener in
      guard let waiting = listener.next() else {
        Issue.record("no call has come")
        return
      }
      let thread = waiting.thread
      var read: String?
      let kept = waiting.examined { call in
        read = path(call, of: thread)
        kill(child, SIGKILL)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 && errno == EINTR {}
        return read
      }
      #expect(read == "/usr")
      #expect(kept == nil)
      #expect(waiting.resume() == .gone)
    }
  }

  @Test func `a call is answered with a copy of a descriptor, or with an error, and isn't made`()
    throws
  {
    for (isRefused, inOneStep) in [(false, false), (false, true), (true, false)] {
      try withProgram(answersInOneStep: inOneStep) { child, listener in
        guard let waiting = listener.next() else {
          Issue.record("no call has come")
          return
        }
        let descriptor = OwnedDescriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
        let resumption =
          isRefused
          ? waiting.fail(with: .notDirectory)
          : waiting.answer(with: descriptor, closesOnExec: true)
        #expect(resumption == .running)
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0 { try #require(errno == EINTR) }
        // chdir has returned a number other than 0, without the folder's having changed.
        #expect(WaitStatus(rawValue: status) == .exited(status: 98))
      }
    }
  }

  @Test func `an answer to a thread that was killed meanwhile is no error`() throws {
    try withProgram { child, listener in
      guard let waiting = listener.next() else {
        Issue.record("no call has come")
        return
      }
      kill(child, SIGKILL)
      var status: Int32 = 0
      while waitpid(child, &status, 0) < 0 && errno == EINTR {}
      let descriptor = OwnedDescriptor(open("/dev/null", O_RDONLY | O_CLOEXEC))
      #expect(waiting.answer(with: descriptor, closesOnExec: false) == .gone)
    }
  }
}
