internal import TestSupport
internal import Testing

/// Programs that use the very means of the tracer.
@Suite("Filters")
struct FilterTests {
  private static let install = """
    #include <linux/filter.h>
    #include <linux/seccomp.h>
    static void forbid(int number, unsigned action) {
      struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      };
      struct sock_fprog program = {sizeof code / sizeof *code, code};
      need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
      need(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0);
    }

    """

  @Test(arguments: TracingMechanism.allCases)
  func `the program's own filter makes a call fail`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: Self.install + """
        int main(void) {
          forbid(SYS_getpriority, SECCOMP_RET_ERRNO | ENOTTY);
          errno = 0;
          syscall(SYS_getpriority, 0, 0);
          printf("%s\\n", strerrorname_np(errno));
          int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
          printf("%d\\n", file >= 0);
          forbid(SYS_openat, SECCOMP_RET_ERRNO | EXDEV);
          printf("%d ", openat(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC));
          printf("%s\\n", strerrorname_np(errno));
        }
        """, mechanism, printing: "ENOTTY\n1\n-1 EXDEV\n")
  }

  @Test(arguments: TracingMechanism.allCases, ["PROCESS", "THREAD"])
  func `the program's own filter kills`(_ mechanism: TracingMechanism, who: String) throws {
    try expectSame(
      program: Self.install + """
        static void *forbidden(void *unused) {
          syscall(SYS_getpriority, 0, 0);
          return NULL;
        }
        int main(void) {
          pid_t child = fork();
          if (child == 0) {
            forbid(SYS_getpriority, SECCOMP_RET_KILL_\(who));
            pthread_t id = thread(forbidden, NULL);
            pthread_join(id, NULL);
            _exit(4);
          }
          told("child", waited(child, 0));
        }
        """, mechanism,
      printing: who == "PROCESS" ? "child: killed 31\n" : "child: exited 4\n")
  }

  /// A signal of the kernel's with information that no other has.
  @Test(arguments: TracingMechanism.allCases)
  func `the program's own filter traps`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: Self.install + """
        static void hear(int signal, siginfo_t *info, void *context) {
          printf("%d, call %d\\n", signal, info->si_syscall == SYS_getpriority);
        }
        int main(void) {
          struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO};
          sigaction(SIGSYS, &action, NULL);
          forbid(SYS_getpriority, SECCOMP_RET_TRAP);
          syscall(SYS_getpriority, 0, 0);
        }
        """, mechanism, printing: "31, call 1\n")
  }

  /// There is one tracer for each process: this one is refused, as under any other.
  @Test(arguments: TracingMechanism.allCases)
  func `a program that traces its child ends by itself`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        pid_t child = fork();
        if (child == 0) {
          if (ptrace(PTRACE_TRACEME, 0, 0, 0) < 0) _exit(errno == EPERM ? 1 : 2);
          raise(SIGSTOP);
          _exit(0);
        }
        int status = waited(child, 0);
        if (WIFSTOPPED(status)) {
          need(ptrace(PTRACE_CONT, child, 0, 0) == 0);
          status = waited(child, 0);
        }
        return WEXITSTATUS(status);
      }
      """)
    #expect(try ChildProcess.run([program]).ending == "status 0")
    let run = try Traced.run([program], options: mechanism.options)
    #expect(run.outcome.ending == "status 1")
  }
}
