internal import TestSupport
internal import Testing

/// Programs of many threads, and how they end.
struct ThreadTests {
  @Test(arguments: TracingMechanism.allCases)
  func `all end with exit_group`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          for (int i = 0; i < 32; i++) thread(i % 2 ? sleeper : opener, NULL);
          puts("32 threads");
          exit(7);
        }
        """, mechanism, printing: "32 threads\n", ending: "status 7")
    #expect(run.report?.processes.count == 1)
  }

  /// A thread may be lost while it is being created: it must not count as a process.
  @Test(arguments: TracingMechanism.allCases)
  func `exit_group while threads are being made`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        static void *nothing(void *unused) { return NULL; }
        static void *creator(void *unused) {
          for (;;) {
            pthread_t id;
            if (pthread_create(&id, 0, nothing, NULL) == 0) pthread_join(id, NULL);
          }
        }
        int main(void) {
          for (int round = 0; round < 30; round++) {
            pid_t child = fork();
            if (child == 0) {
              for (int i = 0; i < 4; i++) thread(creator, NULL);
              spin(20 * round);
              _exit(round);
            }
            need(waited(child, 0) == round << 8);
          }
          puts("30 rounds");
        }
        """, mechanism, printing: "30 rounds\n")
    #expect(run.report?.processes.count == 31)
  }

  /// The leader stays as a zombie; the status comes from the thread that ends the process.
  @Test(arguments: TracingMechanism.allCases, ["pthread_exit(NULL)", "syscall(SYS_exit, 3)"])
  func `the leader ends before the others`(_ mechanism: TracingMechanism, ending: String) throws {
    try expectSame(
      program: """
        static void *last(void *unused) {
          char path[64], text[256] = "";
          snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
          while (!strstr(text, ") Z ")) {  // the leader is gone
            int file = open(path, O_RDONLY);
            need(read(file, text, sizeof text - 1) > 0);
            close(file);
          }
          pid_t child = fork();
          if (child == 0) _exit(6);
          report("child", waited(child, 0));
          exit(42);
        }
        int main(void) {
          thread(last, NULL);
          \(ending);
        }
        """, mechanism, printing: "child: exited 6\n", ending: "status 42")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `the leader ends, then another executes`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void *last(void *unused) {
          char path[64], text[256] = "";
          snprintf(path, sizeof path, "/proc/self/task/%d/stat", getpid());
          while (!strstr(text, ") Z ")) {
            int file = open(path, O_RDONLY);
            need(read(file, text, sizeof text - 1) > 0);
            close(file);
          }
          execl("/bin/sh", "sh", "-c", "echo executed; exit 12", NULL);
          return NULL;
        }
        int main(void) {
          thread(last, NULL);
          pthread_exit(NULL);
        }
        """, mechanism, printing: "executed\n", ending: "status 12")
  }

  /// The status comes from the thread that ends last.
  @Test(arguments: TracingMechanism.allCases)
  func `each ends by itself`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void *work(void *unused) { return NULL; }
        int main(void) {
          for (int i = 0; i < 50; i++) thread(work, NULL);
          puts("made");
          pthread_exit(NULL);
        }
        """, mechanism, printing: "made\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a thousand come and go`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        static void *count(void *number) {
          atomic_fetch_add((atomic_int *)number, 1);
          return NULL;
        }
        int main(void) {
          atomic_int number = 0;
          for (int i = 0; i < 1000; i += 4) {
            pthread_t id[4];
            for (int k = 0; k < 4; k++) id[k] = thread(count, &number);
            for (int k = 0; k < 4; k++) pthread_join(id[k], NULL);
          }
          printf("%d\\n", number);
        }
        """, mechanism, printing: "1000\n")
    #expect(run.report?.processes.count == 1)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `threads fork while others open files`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        static void *forker(void *unused) {
          long sum = 0;
          for (int i = 0; i < 25; i++) {
            pid_t child = fork();
            if (child == 0) {
              int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
              _exit(file < 0 ? 99 : i);
            }
            sum += WEXITSTATUS(waited(child, 0));
          }
          return (void *)sum;
        }
        int main(void) {
          pthread_t forkers[4];
          for (int i = 0; i < 4; i++) thread(opener, NULL);
          for (int i = 0; i < 4; i++) forkers[i] = thread(forker, NULL);
          for (int i = 0; i < 4; i++) {
            void *sum;
            pthread_join(forkers[i], &sum);
            printf("%ld\\n", (long)sum);
          }
          return 0;
        }
        """, mechanism, printing: "300\n300\n300\n300\n")
    #expect(run.report?.processes.count == 101)
  }
}
