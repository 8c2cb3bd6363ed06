internal import TestSupport
internal import Testing

/// Signals that reach spawntrace itself: signals to the whole group, which the command gets anyway,
/// and signals that the caller sends to spawntrace in place of the command.
struct GroupSignalTests {
  @Test(
    arguments: TracingMechanism.allCases,
    [
      "SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGWINCH",
      "SIGRTMIN",
    ])
  func `a process of the tree signals its group`(
    _ mechanism: TracingMechanism, signal: String
  ) throws {
    try expectSame(
      program: """
        static volatile sig_atomic_t heard;
        static void hear(int signal) { heard++; }
        int main(void) {
          signal(\(signal), hear);
          for (int i = 0; i < 40; i++) {
            if (i % 4 == 0) kill(0, \(signal));
            // A signal that came twice would come while the tracer serves these.
            pid_t child = fork();
            if (child == 0) _exit(0);
            while (waitpid(child, NULL, 0) < 0) need(errno == EINTR);
          }
          printf("heard %d\\n", heard);
          return 3;
        }
        """, mechanism, printing: "heard 10\n", ending: "status 3")
  }

  @Test(
    arguments: TracingMechanism.allCases,
    ["SIGHUP", "SIGINT", "SIGQUIT", "SIGUSR1", "SIGUSR2", "SIGALRM", "SIGWINCH", "SIGRTMIN"])
  func `the caller signals the command`(_ mechanism: TracingMechanism, signal: String) throws {
    let caller = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        int ready[2];
        char byte;
        need(pipe(ready) == 0);
        pid_t job = fork();
        if (job == 0) {
          need(dup2(ready[1], 9) == 9);
          execvp(arguments[1], arguments + 1);
          _exit(97);
        }
        need(read(ready[0], &byte, 1) == 1);
        kill(job, \(signal));
        report("job", waited(job, 0));
        return 0;
      }
      """)
    let command = try CProgram.withPrelude(
      """
      int main(void) {
        sigset_t one;
        int heard;
        sigemptyset(&one);
        sigaddset(&one, \(signal));
        sigprocmask(SIG_BLOCK, &one, NULL);
        need(write(9, "r", 1) == 1);
        need(sigwait(&one, &heard) == 0 && heard == \(signal));
        return 6;
      }
      """)
    let bare = try ChildProcess.run([caller, command])
    #expect(bare.standardOutput == "job: exited 6\n")
    let traced = try ChildProcess.run(
      [caller, Traced.binary, "run"] + mechanism.options + ["--", command])
    #expect(traced.standardOutput == bare.standardOutput)
    #expect(traced.ending == bare.ending)
  }
}
