internal import TestSupport
internal import Testing

/// What a program can't do under a filter of the tracer, by the rules of the kernel. If one of
/// these changes, the limits in README.md change, too.
struct FilterLimitTests {
  /// All filters of a process can have one listener together (seccomp(2), EBUSY).
  @Test(arguments: TracingMechanism.allCases)
  func `a program that listens to its own filter`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      int main(void) {
        struct sock_filter code[] = {BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW)};
        struct sock_fprog filter = {1, code};
        need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
        long file = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER,
                            SECCOMP_FILTER_FLAG_NEW_LISTENER, &filter);
        puts(file >= 0 ? "listens" : strerrorname_np(errno));
      }
      """)
    guard try ChildProcess.run([program]).standardOutput == "listens\n" else {
      try Test.cancel("the tests run in a container that listens already")
    }
    let outcome = try Traced.run([program], options: mechanism.options).outcome
    #expect(outcome.standardOutput == (mechanism == .notify ? "EBUSY\n" : "listens\n"))
    #expect(outcome.ending == "status 0")
  }

  /// Under a filter prctl(2) refuses the strict mode with EINVAL.
  @Test(arguments: TracingMechanism.allCases)
  func `a program that wants the strict mode`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      #include <linux/seccomp.h>
      int main(void) {
        if (prctl(PR_SET_SECCOMP, SECCOMP_MODE_STRICT, 0, 0, 0) < 0) puts(strerrorname_np(errno));
        write(1, "goes on\\n", 8);
        syscall(SYS_exit, 5);
      }
      """)
    let bare = try ChildProcess.run([program])
    let traced = try Traced.run([program], options: mechanism.options).outcome
    #expect(bare.ending == "status 5" && traced.ending == bare.ending)
    guard bare.standardOutput == "goes on\n" else {
      try Test.cancel("the tests run under a filter, which the strict mode doesn't go with")
    }
    #expect(
      traced.standardOutput == (mechanism == .events ? "goes on\n" : "EINVAL\ngoes on\n"))
  }
}
