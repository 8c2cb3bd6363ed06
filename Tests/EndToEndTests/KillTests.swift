internal import TestSupport
internal import Testing

/// SIGKILL at any moment: what the tracer waits for may never come.
struct KillTests {
  @Test(arguments: TracingMechanism.allCases)
  func `two hundred children, each killed at once`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          int right = 0;
          for (int i = 0; i < 200; i++) {
            pid_t child = fork();
            if (child == 0) {
              if (i % 2) opener(NULL);
              sleeper(NULL);
            }
            spin(20 * (i % 7));
            kill(child, SIGKILL);
            right += waited(child, 0) == SIGKILL;
          }
          printf("%d\\n", right);
        }
        """, mechanism, printing: "200\n")
    #expect(run.report?.processes.count == 201)
  }

  /// A killed parent has no event for the child that it was creating.
  @Test(arguments: TracingMechanism.allCases)
  func `a process that is forking`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          int right = 0;
          for (int i = 0; i < 100; i++) {
            pid_t child = fork();
            while (child == 0) {
              pid_t grandchild = i % 2 ? fork() : vfork();
              if (grandchild == 0) _exit(0);
              waitpid(grandchild, NULL, 0);
            }
            spin(20 * (i % 7));
            kill(child, SIGKILL);
            right += waited(child, 0) == SIGKILL;
          }
          printf("%d\\n", right);
        }
        """, mechanism, printing: "100\n")
  }

  /// Its children become children of a traced process that hasn't created them.
  @Test(arguments: TracingMechanism.allCases)
  func `a process that is forking, below a subreaper`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
          int right = 0;
          for (int i = 0; i < 100; i++) {
            pid_t child = fork();
            while (child == 0) {
              pid_t grandchild = fork();
              if (grandchild == 0) _exit(0);
              waitpid(grandchild, NULL, 0);
            }
            spin(20 * (i % 7));
            kill(child, SIGKILL);
            right += waited(child, 0) == SIGKILL;
            int status = 0;
            while (wait(&status) > 0) need(status == 0);
          }
          printf("%d\\n", right);
        }
        """, mechanism, printing: "100\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a process that creates threads`(_ mechanism: TracingMechanism) throws {
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
          int right = 0;
          for (int i = 0; i < 50; i++) {
            pid_t child = fork();
            if (child == 0) {
              for (int k = 0; k < 3; k++) thread(creator, NULL);
              creator(NULL);
            }
            spin(20 * (i % 7));
            kill(child, SIGKILL);
            right += waited(child, 0) == SIGKILL;
          }
          printf("%d\\n", right);
        }
        """, mechanism, printing: "50\n")
    #expect(run.report?.processes.count == 51)
  }

  /// Another thread knows its id before it, or its creator, has run a single instruction.
  @Test(arguments: TracingMechanism.allCases)
  func `a child that has not begun`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        static _Atomic pid_t born;
        static void *killer(void *unused) {
          for (;;) {
            pid_t child = born;
            if (child == -1) return NULL;
            if (child > 0) {
              kill(child, SIGKILL);
              born = 0;
            }
          }
        }
        int main(void) {
          pthread_t id = thread(killer, NULL);
          int right = 0;
          for (int i = 0; i < 300; i++) {
            // The kernel stores the id before it lets the child run.
            pid_t child = syscall(SYS_clone, CLONE_PARENT_SETTID | SIGCHLD, 0, &born, 0, 0);
            if (child == 0) sleeper(NULL);
            right += waited(child, 0) == SIGKILL;
            while (born) {}
          }
          born = -1;
          pthread_join(id, NULL);
          printf("%d\\n", right);
        }
        """, mechanism, printing: "300\n")
    #expect(run.report?.processes.count == 301)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a process that executes itself again and again`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(int count, char **arguments) {
          if (count > 1) execl("/proc/self/exe", "again", "again", NULL);
          int right = 0;
          for (int i = 0; i < 50; i++) {
            pid_t child = fork();
            if (child == 0) execl("/proc/self/exe", "again", "again", NULL);
            spin(20 * (i % 7));
            kill(child, SIGKILL);
            right += waited(child, 0) == SIGKILL;
          }
          printf("%d\\n", right);
        }
        """, mechanism, printing: "50\n")
    #expect(run.report != nil)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `the program kills its own group`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          need(setpgid(0, 0) == 0);
          for (int i = 0; i < 5; i++)
            if (fork() == 0) opener(NULL);
          puts("five");
          kill(0, SIGKILL);
        }
        """, mechanism, printing: "five\n", ending: "signal 9", timeout: 20)
  }
}
