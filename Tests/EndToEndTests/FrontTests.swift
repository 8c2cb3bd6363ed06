internal import Foundation
internal import TestSupport
internal import Testing

/// The front stands for the command, whatever happens to the front or to the tracer.
struct FrontTests {
  private func command(_ mechanism: TracingMechanism, _ program: String) -> [String] {
    [Traced.binary, "run"] + mechanism.options + ["--", program]
  }

  /// Runs its arguments as a child in a group of its own, and sends it the signals in the first
  /// argument, each when the child has written a byte into the pipe with the number READY. Reports
  /// how the child ends. A number from 500 on means the signal less 500, queued with a value.
  private static let caller = """
    int main(int count, char **arguments) {
      int ends[2];
      char text[16], byte;
      need(pipe(ends) == 0);
      sprintf(text, "%d", ends[1]);
      setenv("READY", text, 1);
      pid_t child = fork();
      if (child == 0) {
        setpgid(0, 0);
        execvp(arguments[2], arguments + 2);
      }
      close(ends[1]);
      for (char *next = strtok(arguments[1], ","); next; next = strtok(NULL, ",")) {
        int number = atoi(next);
        need(read(ends[0], &byte, 1) == 1);
        if (number < 500) kill(child, number);
        else sigqueue(child, number - 500, (union sigval){.sival_int = 4711});
      }
      report("child", waited(child, 0));
    }
    """

  /// Prints each signal that it gets, and ends at the third.
  private static let listener = """
    int main(void) {
      int ready = atoi(getenv("READY"));
      sigset_t all;
      sigemptyset(&all);
      int heard[] = {SIGTERM, SIGHUP, SIGUSR1, SIGUSR2, SIGQUIT, SIGRTMIN + 1};
      for (int i = 0; i < 6; i++) sigaddset(&all, heard[i]);
      need(sigprocmask(SIG_BLOCK, &all, NULL) == 0);
      for (int i = 0; i < 3; i++) {
        need(write(ready, "r", 1) == 1);
        siginfo_t info;
        need(sigwaitinfo(&all, &info) > 0);
        printf("%d", info.si_signo);
        if (info.si_code == SI_QUEUE) printf(" with %d", info.si_value.sival_int);
        puts("");
      }
      return 4;
    }
    """

  @Test(arguments: TracingMechanism.allCases)
  func `signals to the front reach the command`(_ mechanism: TracingMechanism) throws {
    let caller = try CProgram.withPrelude(Self.caller)
    let listener = try CProgram.withPrelude(Self.listener)
    // SIGUSR1, SIGHUP, and SIGRTMIN + 1 with a value.
    let signals = "10,1,535"
    let bare = try ChildProcess.run([caller, signals, listener])
    let traced = try ChildProcess.run(
      [caller, signals] + command(mechanism, listener))
    #expect(bare.standardOutput == "10\n1\n35 with 4711\nchild: exited 4\n")
    #expect(traced.standardOutput == bare.standardOutput)
    #expect(traced.standardError == bare.standardError)
  }

  /// A signal that ends the run goes to the command first; the command's own end counts.
  @Test(arguments: TracingMechanism.allCases, [SIGTERM, SIGINT])
  func `the command ends as it wants to`(_ mechanism: TracingMechanism, signal: Int32) throws {
    let caller = try CProgram.withPrelude(Self.caller)
    let program = try CProgram.withPrelude(
      """
      static void hear(int signal) { _exit(9); }
      int main(void) {
        signal(SIGTERM, hear);
        signal(SIGINT, hear);
        need(write(atoi(getenv("READY")), "r", 1) == 1);
        for (;;) pause();
      }
      """)
    let traced = try ChildProcess.run(
      [caller, "\(signal)"] + command(mechanism, program))
    #expect(traced.standardOutput == "child: exited 9\n")
  }

  /// A parent that waits with WUNTRACED, such as a shell, sees the command's stops and can continue
  /// it.
  @Test(arguments: TracingMechanism.allCases)
  func `the front stops and goes on with the command`(_ mechanism: TracingMechanism) throws {
    let stopper = try CProgram.withPrelude(
      """
      int main(void) {
        int stops[] = {SIGSTOP, SIGTSTP, SIGSTOP};
        for (int i = 0; i < 3; i++) {
          raise(stops[i]);
          printf("on %d\\n", i);
          // A stop would hide a continuation that hasn't been seen yet.
          char seen;
          need(read(9, &seen, 1) == 1);
        }
        return 9;
      }
      """)
    // SIGCONT is sent to the child alone, and to its whole group, as a shell does.
    let shell = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        int seen[2];
        need(pipe2(seen, O_CLOEXEC) == 0);
        pid_t child = fork();
        if (child == 0) {
          setpgid(0, 0);
          dup2(seen[0], 9);
          execvp(arguments[1], arguments + 1);
        }
        for (int i = 0; i < 3; i++) {
          report("child", waited(child, WUNTRACED));
          kill(i == 1 ? -child : child, SIGCONT);
          report("child", waited(child, WCONTINUED));
          need(write(seen[1], "s", 1) == 1);
        }
        report("child", waited(child, 0));
      }
      """)
    let bare = try ChildProcess.run([shell, stopper])
    let traced = try ChildProcess.run([shell] + command(mechanism, stopper))
    // What the two print may come in either order.
    let sorted = { (text: String) in text.split(separator: "\n").sorted() }
    #expect(bare.ending == "status 0" && sorted(bare.standardOutput).count == 10)
    #expect(sorted(traced.standardOutput) == sorted(bare.standardOutput))
    #expect(traced.ending == bare.ending)
  }

  @Test(arguments: [("SEGV", "has crashed (signal 11"), ("KILL", "was killed")])
  func `a tracer that crashes or is killed ends the tree, and the front says so`(
    signal: (name: String, says: String)
  ) throws {
    let folder = try ScratchFolder()
    let script = "sleep 100 & echo $! > child; kill -\(signal.name) $PPID; sleep 100"
    // With Swift's report of crashes a SIGSEGV that was sent doesn't end the process.
    let outcome = try ChildProcess.run(
      [Traced.binary, "--", "sh", "-c", script], in: folder.path,
      environment: ["SWIFT_BACKTRACE": "enable=no"])
    #expect(outcome.ending == "status 125")
    #expect(outcome.standardError.contains("spawntrace: the tracer \(signal.says)"))
    let child = try #require(
      Int(folder.read("child")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""))
    for _ in 0..<1000 where isAlive(child) { usleep(10_000) }
    #expect(!isAlive(child))
  }

  /// Ctrl-C goes to the whole group: to the front, to the tracer, which may not have begun, and to
  /// the command, if it has been started.
  @Test(arguments: [SIGINT, SIGTERM, SIGQUIT, SIGHUP])
  func `a signal while it starts is no crash`(signal: Int32) throws {
    let shell = try CProgram.withPrelude(
      """
      /// The process that one has made; proc_pid_task_children(5).
      static pid_t child_of(pid_t pid) {
        char path[64], text[64] = "";
        snprintf(path, sizeof path, "/proc/%d/task/%d/children", pid, pid);
        for (int child = 0;; sched_yield()) {
          int file = open(path, O_RDONLY);
          need(file >= 0 && read(file, text, sizeof text - 1) >= 0);
          close(file);
          if ((child = atoi(text))) return child;
        }
      }
      int main(int count, char **arguments) {
        for (int i = 0; i < 60; i++) {
          int executed[2];
          char byte;
          need(pipe2(executed, O_CLOEXEC) == 0);
          pid_t child = fork();
          if (child == 0) {
            setpgid(0, 0);
            execvp(arguments[2], arguments + 2);
          }
          setpgid(child, child);
          close(executed[1]);
          // The signal comes when the front has been executed, when it has made the tracer, when
          // that has made the command's process, and when the command waits.
          need(read(executed[0], &byte, 1) == 0 && close(executed[0]) == 0);
          int stage = i % 4;
          pid_t tracer = stage > 0 ? child_of(child) : 0;
          pid_t command = stage > 1 ? child_of(tracer) : 0;
          if (stage > 2) until_waiting(command, SYS_pause);
          kill(-child, atoi(arguments[1]));
          waited(child, 0);
        }
      }
      """)
    let command = try CProgram.withPrelude("int main(void) { for (;;) pause(); }")
    // Until the front has begun, the runtime answers SIGQUIT with a report of a crash.
    let outcome = try ChildProcess.run(
      [shell, "\(signal)", Traced.binary, "--", command],
      environment: ["SWIFT_BACKTRACE": "enable=no"])
    // After SIGTERM there are the stacks of all processes.
    #expect(!outcome.standardError.lowercased().contains("crash"))
    #expect(!outcome.standardError.contains("error["))
    #expect(outcome.ending == "status 0")
  }

  /// The kernel takes some time to close an inotify instance. One process may stay behind for that;
  /// if the caller is a subreaper, it becomes the caller's child.
  @Test func `at most one process stays behind, and it ends`() throws {
    let shell = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
        pid_t child = fork();
        if (child == 0) execvp(arguments[1], arguments + 1);
        report("child", waited(child, 0));
        int orphans = 0;
        while (wait(NULL) > 0) orphans++;
        need(errno == ECHILD && orphans <= 1);
      }
      """)
    let python = try Interpreters.newest().path
    let outcome = try ChildProcess.run([shell, Traced.binary, "--", python, "-c", "pass"])
    #expect(outcome.standardOutput == "child: exited 0\n")
  }

  /// While the tree dies no call of a program fails: no program sees that there was a filter.
  @Test(arguments: [TracingMechanism.notify, .trace])
  func `when the front is killed, the tree is killed, and no call fails`(
    _ mechanism: TracingMechanism
  ) throws {
    let folder = try ScratchFolder()
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        int opens[2];
        need(pipe(opens) == 0);
        for (int i = 0; i < 4; i++) {
          if (fork() != 0) continue;
          FILE *pids = fopen("pids", "a");
          fprintf(pids, "%d\\n", getpid());
          fclose(pids);
          for (int i = 0;; i++) {
            int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
            if (i == 100) need(write(opens[1], "o", 1) == 1);
            if (file < 0) {
              int log = open("failed", O_WRONLY | O_CREAT, 0666);
              write(log, "x", 1);
            }
            close(file);
          }
        }
        // The front is the parent of the parent.
        char name[64], line[4096];
        sprintf(name, "/proc/%d/status", getppid());
        int file = open(name, O_RDONLY);
        line[read(file, line, sizeof line - 1)] = 0;
        // Each child has opened some files, and goes on.
        for (int i = 0; i < 4; i++) need(read(opens[0], name, 1) == 1);
        kill(atoi(strstr(line, "PPid:") + 5), SIGKILL);
        for (;;) pause();
      }
      """)
    for _ in 0..<5 {
      let outcome = try ChildProcess.run(
        [Traced.binary, "run"] + mechanism.options + ["--", program], in: folder.path)
      #expect(outcome.ending == "signal 9")
    }
    let pids = (folder.read("pids") ?? "").split(separator: "\n").compactMap { Int($0) }
    #expect(pids.count == 20)
    for pid in pids {
      for _ in 0..<1000 where isAlive(pid) { usleep(10_000) }
      #expect(!isAlive(pid))
    }
    #expect(folder.read("failed") == nil)
  }
}
