internal import TestSupport
internal import Testing

/// Job control: a stop must stop, must reach the real parent, and must end with SIGCONT alone.
struct StopTests {
  @Test(arguments: TracingMechanism.allCases, ["SIGSTOP", "SIGTSTP", "SIGTTIN", "SIGTTOU"])
  func `the parent stops and continues its child`(
    _ mechanism: TracingMechanism, signal: String
  ) throws {
    try expectSame(
      program: """
        int main(void) {
          pid_t child = fork();
          if (child == 0) {
            // In an orphaned group the terminal's three stop signals are ignored.
            sleeper(NULL);
          }
          setpgid(child, child);
          for (int i = 0; i < 3; i++) {
            kill(child, \(signal));
            report("child", waited(child, WUNTRACED));
            printf("again %d\\n", waitpid(child, NULL, WUNTRACED | WNOHANG));
            kill(child, SIGCONT);
            report("child", waited(child, WCONTINUED));
          }
          kill(child, SIGTERM);
          report("child", waited(child, 0));
        }
        """, mechanism)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `the child stops itself`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          pid_t child = fork();
          if (child == 0) {
            for (int i = 0; i < 5; i++) raise(SIGSTOP);
            _exit(8);
          }
          for (int i = 0; i < 5; i++) {
            report("child", waited(child, WUNTRACED));
            kill(child, SIGCONT);
          }
          report("child", waited(child, WUNTRACED));
        }
        """, mechanism,
      printing: String(repeating: "child: stopped 19\n", count: 5) + "child: exited 8\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `SIGCONT and SIGTSTP with handlers`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void hear(int signal) { write(1, signal == SIGCONT ? "cont\\n" : "tstp\\n", 5); }
        int main(void) {
          pid_t child = fork();
          if (child == 0) {
            signal(SIGCONT, hear);
            raise(SIGSTOP);
            signal(SIGTSTP, hear);
            raise(SIGTSTP);
            _exit(2);
          }
          report("child", waited(child, WUNTRACED));
          kill(child, SIGCONT);
          report("child", waited(child, 0));
        }
        """, mechanism, printing: "child: stopped 19\ncont\ntstp\nchild: exited 2\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `SIGKILL ends a stopped child`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          for (int i = 0; i < 20; i++) {
            pid_t child = fork();
            if (child == 0) sleeper(NULL);
            kill(child, SIGSTOP);
            if (i % 2) waited(child, WUNTRACED);
            kill(child, SIGKILL);
            need(waited(child, 0) == SIGKILL);
          }
          puts("twenty");
        }
        """, mechanism, printing: "twenty\n")
  }

  /// All threads stand still while the child is stopped, also those that are being created.
  @Test(arguments: TracingMechanism.allCases)
  func `a child with many threads`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        /// Of the child, and of another process that isn't stopped.
        static atomic_long *steps, *others;
        static void *worker(void *unused) {
          for (;;) {
            int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
            if (file < 0) _exit(98);
            close(file);
            atomic_fetch_add(steps, 1);
          }
        }
        static void *quick(void *unused) {
          for (int i = 0; i < 100; i++) {
            atomic_fetch_add(steps, 1);
            sched_yield();
          }
          return NULL;
        }
        int main(void) {
          steps = shared(sizeof *steps);
          others = shared(sizeof *others);
          pid_t other = fork();
          if (other == 0) {
            steps = others;
            worker(NULL);
          }
          pid_t child = fork();
          if (child == 0) {
            for (int i = 0; i < 4; i++) thread(worker, NULL);
            for (;;) {
              pthread_t id;
              if (pthread_create(&id, NULL, quick, NULL) == 0) pthread_join(id, NULL);
            }
          }
          for (int i = 0; i < 40; i++) {
            long before = *steps;
            while (*steps < before + 50) sched_yield();
            kill(child, SIGSTOP);
            int status = waited(child, WUNTRACED);
            need(WIFSTOPPED(status));
            // While the other process opens fifty files, the tracer serves whatever still runs.
            long at = *steps, before_others = *others;
            while (*others < before_others + 50) sched_yield();
            if (*steps != at) puts("it goes on");
            kill(child, SIGCONT);
            need(WIFCONTINUED(waited(child, WCONTINUED)));
          }
          kill(other, SIGKILL);
          waited(other, 0);
          kill(child, SIGTERM);
          report("child", waited(child, 0));
        }
        """, mechanism, printing: "child: killed 15\n")
  }

  /// Ctrl-Z and `fg` of a shell reach the whole foreground group, and so the tracer.
  @Test(arguments: TracingMechanism.allCases)
  func `the group is stopped and continued`(_ mechanism: TracingMechanism) throws {
    let shell = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        pid_t job = fork();
        if (job == 0) {
          setpgid(0, 0);
          execvp(arguments[1], arguments + 1);
          _exit(97);
        }
        setpgid(job, job);
        char byte;
        int ready = open(getenv("READY"), O_RDONLY);
        need(read(ready, &byte, 1) == 1);
        for (int i = 0; i < 3; i++) {
          kill(-job, SIGTSTP);
          report("job", waited(job, WUNTRACED));
          kill(-job, SIGCONT);
          report("job", waited(job, WCONTINUED));
        }
        int go = open(getenv("GO"), O_WRONLY);
        need(write(go, "g", 1) == 1);
        report("job", waited(job, 0));
      }
      """)
    let job = try CProgram.withPrelude(
      """
      int main(void) {
        int ready = open(getenv("READY"), O_WRONLY);
        need(write(ready, "r", 1) == 1);
        int go = open(getenv("GO"), O_RDONLY);
        char byte;
        need(read(go, &byte, 1) == 1);
        puts("goes on");
        return 9;
      }
      """)
    let folder = try ScratchFolder()
    let script = "mkfifo ready go && READY=ready GO=go \"$@\"; rm ready go"
    let run = { (job: [String]) in
      try ChildProcess.run(["sh", "-c", script, "sh", shell] + job, in: folder.path)
    }
    let bare = try run([job])
    let line = "job: stopped 20\njob: continued\n"
    #expect(bare.standardOutput == line + line + line + "goes on\njob: exited 9\n")
    let traced = try run([Traced.binary, "run"] + mechanism.options + ["--", job])
    #expect(traced.standardOutput == bare.standardOutput)
    #expect(traced.standardError == bare.standardError)
    #expect(traced.ending == bare.ending)
  }
}
