internal import TestSupport
internal import Testing

/// Programs that execute another one, from any thread and beside any threads.
struct ExecTests {
  /// The first image starts threads and executes itself from one of them; the second prints what it
  /// is.
  private static func execFromThread(others: String) -> String {
    """
    static char **words;
    static void *execute(void *unused) {
      char *again[] = {words[0], "again", words[1], NULL};
      execv(words[0], again);
      return NULL;
    }
    int main(int count, char **arguments) {
      if (count == 3) {
        printf("leader %d, same process %d\\n", gettid() == getpid(), getpid() == atoi(arguments[2]));
        return 5;
      }
      char text[16];
      snprintf(text, sizeof text, "%d", getpid());
      words = (char *[]){arguments[0], text};
      for (int i = 0; i < 8; i++) thread(\(others), NULL);
      thread(execute, NULL);
      for (;;) pause();
    }
    """
  }

  @Test(arguments: TracingMechanism.allCases)
  func `from a thread that isn't the leader, others sleeping`(
    _ mechanism: TracingMechanism
  ) throws {
    let run = try expectSame(
      program: Self.execFromThread(others: "sleeper"), mechanism,
      printing: "leader 1, same process 1\n", ending: "status 5")
    // Its second image is the one that ends.
    #expect(run.report?.processes.filter { $0.exit?.status == 5 }.count == 1)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `from a thread that isn't the leader, others opening files`(
    _ mechanism: TracingMechanism
  ) throws {
    try expectSame(
      program: Self.execFromThread(others: "opener"), mechanism,
      printing: "leader 1, same process 1\n", ending: "status 5")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `from a thread again and again, others forking`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static char *next[3];
        static void *execute(void *unused) {
          execv(next[0], next);
          return NULL;
        }
        static void *forker(void *unused) {
          for (;;) {
            pid_t child = fork();
            if (child == 0) _exit(0);
            if (child > 0) waitpid(child, NULL, 0);
          }
        }
        int main(int count, char **arguments) {
          int left = count > 1 ? atoi(arguments[1]) : 20;
          if (left == 0) {
            // Children of forks that the execs cut short are left for this image.
            while (wait(NULL) > 0) {}
            puts("all done");
            return 0;
          }
          char text[16];
          snprintf(text, sizeof text, "%d", left - 1);
          next[0] = arguments[0];
          next[1] = text;
          for (int i = 0; i < 3; i++) thread(forker, NULL);
          thread(execute, NULL);
          for (;;) pause();
        }
        """, mechanism, printing: "all done\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a failed exec leaves the program as it was`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          char *words[] = {"/nowhere/at/all", NULL};
          execv(words[0], words);
          printf("%s\\n", strerrorname_np(errno));
          execv("/", words);
          printf("%s\\n", strerrorname_np(errno));
          pthread_t id = thread(sleeper, NULL);
          pthread_cancel(id);
          pthread_join(id, NULL);
          return 4;
        }
        """, mechanism, printing: "ENOENT\nEACCES\n", ending: "status 4")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a hundred times in a row by one process`(_ mechanism: TracingMechanism) throws {
    let text = "test $1 -eq 0 && { echo bottom; exit 9; }; exec sh -c \"$0\" \"$0\" $(($1 - 1))"
    try expectSame(
      ["sh", "-c", text, text, "100"], mechanism, printing: "bottom\n", ending: "status 9")
  }
}
