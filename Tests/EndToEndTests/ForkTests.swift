internal import TestSupport
internal import Testing

/// The ways to make a process, and many of them.
struct ForkTests {
  @Test(arguments: TracingMechanism.allCases)
  func `vfork, then exec`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          for (int i = 0; i < 20; i++) {
            char text[] = "exit 0";
            text[5] += i % 10;
            pid_t child = vfork();
            if (child == 0) {
              execl("/bin/sh", "sh", "-c", text, NULL);
              _exit(99);
            }
            report("child", waited(child, 0));
          }
        }
        """, mechanism)
    #expect(run.report?.processes.count == 21)
  }

  /// The parent stands still until the child is gone, whatever the child does meanwhile.
  @Test(arguments: TracingMechanism.allCases)
  func `a vfork child that stays a while`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          volatile int step = 0;
          pid_t child = vfork();
          if (child == 0) {
            for (int i = 0; i < 100; i++) {
              int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
              if (file < 0) _exit(98);
              close(file);
            }
            pid_t grandchild = fork();
            if (grandchild == 0) _exit(4);
            int status = waited(grandchild, 0);
            step = WEXITSTATUS(status);
            usleep(20000);
            step += 10;
            _exit(3);
          }
          printf("step %d\\n", step);
          report("child", waited(child, 0));
          for (int sent = SIGTERM; sent; sent = 0) {
            child = vfork();
            if (child == 0) {
              kill(getpid(), sent);
              for (;;) pause();
            }
          }
          report("child", waited(child, 0));
        }
        """, mechanism, printing: "step 14\nchild: exited 3\nchild: killed 15\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `posix_spawn`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          char *words[] = {"sh", "-c", "echo spawned; exit 17", NULL};
          pid_t child = 0;
          int error = posix_spawnp(&child, "sh", NULL, NULL, words, environ);
          int status = waited(child, 0);
          printf("%d ", error);
          report("child", status);
          printf("%d\\n", posix_spawnp(&child, "/nowhere/at/all", NULL, NULL, words, environ));
          printf("%d\\n", waitpid(-1, NULL, 0));
        }
        """, mechanism, printing: "spawned\n0 child: exited 17\n2\n-1\n")
  }

  /// A child that sends another signal than SIGCHLD at its end, or none, is seen by __WALL and
  /// __WCLONE alone.
  @Test(arguments: TracingMechanism.allCases, ["0", "SIGUSR1", "SIGCHLD"])
  func `clone with an exit signal`(_ mechanism: TracingMechanism, signal: String) throws {
    let run = try expectSame(
      program: """
        static atomic_int heard;
        static void hear(int signal) { heard = signal; }
        int main(void) {
          signal(SIGUSR1, hear);
          signal(SIGCHLD, hear);
          pid_t child = syscall(SYS_clone, \(signal), 0, 0, 0, 0);
          if (child == 0) {
            syscall(SYS_exit_group, 21);
          }
          int status = 0;
          pid_t got;
          do got = waitpid(child, &status, __WALL);
          while (got < 0 && errno == EINTR);
          need(got == child);
          report("child", status);
          printf("heard %d\\n", heard);
        }
        """, mechanism)
    #expect(run.report?.processes.count == 2)
  }

  /// Linux has the combination; no library uses it.
  @Test(arguments: TracingMechanism.allCases)
  func `a thread that its creator waits for as for a vfork`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        static char stack[65536] __attribute__((aligned(16)));
        static atomic_int step;
        static int work(void *unused) {
          spin(1000);
          step = 1;
          return 0;
        }
        int main(void) {
          int flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_VFORK;
          need(clone(work, stack + sizeof stack, flags, NULL) > 0);
          printf("step %d\\n", step);
        }
        """, mechanism, printing: "step 1\n")
    #expect(run.report?.processes.count == 1)
  }

  /// The child becomes a child of its creator's parent, which sees its end.
  @Test(arguments: TracingMechanism.allCases)
  func `clone with CLONE_PARENT`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          pid_t top = getpid(), middle = fork();
          if (middle == 0) {
            pid_t child = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
            if (child == 0) _exit(getppid() == top ? 31 : 32);
            _exit(wait(NULL) < 0 && errno == ECHILD ? 33 : 34);
          }
          report("middle", waited(middle, 0));
          int status;
          need(wait(&status) > 0);
          report("child", status);
        }
        """, mechanism, printing: "middle: exited 33\nchild: exited 31\n")
    #expect(run.report?.processes.count == 3)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a chain of fifty`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          for (int depth = 1; depth <= 50; depth++) {
            pid_t child = fork();
            need(child >= 0);
            if (child > 0) _exit(WEXITSTATUS(waited(child, 0)) + 1);
          }
          puts("bottom");
        }
        """, mechanism, printing: "bottom\n", ending: "status 50")
    #expect(run.report?.processes.count == 51)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `three hundred quick children at once`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          pid_t children[300];
          for (int i = 0; i < 300; i++) {
            children[i] = fork();
            need(children[i] >= 0);
            if (children[i] == 0) _exit(i % 256);
          }
          for (int i = 0; i < 300; i++) need(waited(children[i], 0) == (i % 256) << 8);
          printf("%d\\n", waitpid(-1, NULL, 0));
        }
        """, mechanism, printing: "-1\n")
    #expect(run.report?.processes.count == 301)
  }

  /// Processes that never stop giving the tracer work must not starve another.
  @Test(arguments: TracingMechanism.allCases)
  func `one goes on beside four that fork without end`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          pid_t forkers[4];
          for (int i = 0; i < 4; i++) {
            forkers[i] = fork();
            while (forkers[i] == 0) {
              pid_t child = fork();
              if (child == 0) _exit(0);
              waitpid(child, NULL, 0);
            }
          }
          for (int i = 0; i < 500; i++) {
            int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
            need(file >= 0);
            close(file);
          }
          for (int i = 0; i < 4; i++) {
            kill(forkers[i], SIGKILL);
            report("forker", waited(forkers[i], 0));
          }
        }
        """, mechanism,
      printing: String(repeating: "forker: killed 9\n", count: 4))
  }
}
