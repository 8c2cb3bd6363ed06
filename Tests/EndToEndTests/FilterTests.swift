internal import TestSupport
internal import Testing

/// Programs that use filters and ptrace themselves, as the tracer does.
struct FilterTests {
  private static let install = """
    #include <linux/filter.h>
    #include <linux/seccomp.h>
    static long forbid(int number, unsigned action, unsigned flags) {
      struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, number, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
      };
      struct sock_fprog program = {sizeof code / sizeof *code, code};
      need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
      return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program);
    }

    """

  @Test(arguments: TracingMechanism.allCases)
  func `the program's own filter makes a call fail`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: Self.install + """
        int main(void) {
          need(forbid(SYS_getpriority, SECCOMP_RET_ERRNO | ENOTTY, 0) == 0);
          errno = 0;
          syscall(SYS_getpriority, 0, 0);
          printf("%s\\n", strerrorname_np(errno));
          int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
          printf("%d\\n", file >= 0);
          need(forbid(SYS_openat, SECCOMP_RET_ERRNO | EXDEV, 0) == 0);
          printf("%d ", openat(AT_FDCWD, "/dev/null", O_RDONLY | O_CLOEXEC));
          printf("%s\\n", strerrorname_np(errno));
        }
        """, mechanism, printing: "ENOTTY\n1\n-1 EXDEV\n")
  }

  @Test(arguments: TracingMechanism.allCases, ["PROCESS", "THREAD"])
  func `the program's own filter kills`(_ mechanism: TracingMechanism, target: String) throws {
    try expectSame(
      program: Self.install + """
        static void *forbidden(void *unused) {
          syscall(SYS_getpriority, 0, 0);
          return NULL;
        }
        int main(void) {
          pid_t child = fork();
          if (child == 0) {
            need(forbid(SYS_getpriority, SECCOMP_RET_KILL_\(target), 0) == 0);
            pthread_t id = thread(forbidden, NULL);
            pthread_join(id, NULL);
            _exit(4);
          }
          report("child", waited(child, 0));
        }
        """, mechanism,
      printing: target == "PROCESS" ? "child: killed 31\n" : "child: exited 4\n")
  }

  /// SIGSYS brings information that no other signal has.
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
          need(forbid(SYS_getpriority, SECCOMP_RET_TRAP, 0) == 0);
          syscall(SYS_getpriority, 0, 0);
        }
        """, mechanism, printing: "31, call 1\n")
  }

  /// The filter asks for a tracer, and the program has none: spawntrace must not answer.
  @Test(arguments: TracingMechanism.allCases)
  func `the program's own filter asks for a tracer`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: Self.install + """
        int main(void) {
          need(forbid(SYS_getpriority, SECCOMP_RET_TRACE, 0) == 0);
          printf("%ld ", syscall(SYS_getpriority, 0, 0));
          puts(strerrorname_np(errno));
          pid_t child = fork();
          if (child == 0) _exit(syscall(SYS_getpriority, 0, 0) < 0 ? errno : 0);
          need(open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0);
          report("child", waited(child, 0));
        }
        """, mechanism, printing: "-1 ENOSYS\nchild: exited 38\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `filters that allow, log, and go over fork and exec`(
    _ mechanism: TracingMechanism
  ) throws {
    try expectSame(
      program: Self.install + """
        int main(void) {
          need(forbid(-1, SECCOMP_RET_ALLOW, 0) == 0);
          need(forbid(SYS_getpid, SECCOMP_RET_LOG, 0) == 0);
          printf("%d\\n", open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0);
          need(forbid(SYS_getpriority, SECCOMP_RET_ERRNO | ENOTTY, 0) == 0);
          pid_t child = fork();
          if (child == 0) execlp("nice", "nice", NULL);
          report("child", waited(child, 0));
          child = vfork();
          if (child == 0) _exit(getpriority(PRIO_PROCESS, 0) < 0 ? errno : 0);
          report("child", waited(child, 0));
          need(forbid(SYS_execve, SECCOMP_RET_ERRNO | EXDEV, 0) == 0);
          execlp("true", "true", NULL);
          puts(strerrorname_np(errno));
        }
        """, mechanism)
  }

  /// All threads get the filter, unless one of them has another of its own.
  @Test(arguments: TracingMechanism.allCases)
  func `a filter for all threads`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: Self.install + """
        static atomic_int stage;
        static const char *priority(void) {
          errno = 0;
          syscall(SYS_getpriority, 0, 0);
          return strerrorname_np(errno);
        }
        static void *worker(void *unused) {
          const char *before = priority();
          stage = 1;
          while (stage < 2) sched_yield();
          printf("thread: %s, then %s\\n", before, priority());
          return NULL;
        }
        static void *loner(void *unused) {
          need(forbid(SYS_getpriority, SECCOMP_RET_ERRNO | EXDEV, 0) == 0);
          printf("alone: %s\\n", priority());
          stage = 3;
          while (stage < 4) sched_yield();
          return NULL;
        }
        int main(void) {
          int sync = SECCOMP_FILTER_FLAG_TSYNC;
          pthread_t id = thread(worker, NULL);
          while (stage < 1) sched_yield();
          need(forbid(SYS_getpriority, SECCOMP_RET_ERRNO | ENOTTY, sync) == 0);
          stage = 2;
          pthread_join(id, NULL);
          // A thread with a filter of its own can't be synchronised.
          id = thread(loner, NULL);
          while (stage < 3) sched_yield();
          printf("others: %s\\n", priority());
          printf("its id %d\\n", forbid(SYS_getpriority, SECCOMP_RET_ALLOW, sync) > 0);
          stage = 4;
          pthread_join(id, NULL);
        }
        """, mechanism,
      printing: "thread: 0, then ENOTTY\nalone: EXDEV\nothers: ENOTTY\nits id 1\n")
  }

  /// A process has one tracer: the program's own is refused, as under any other tracer.
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
