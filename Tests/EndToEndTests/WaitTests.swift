internal import TestSupport
internal import Testing

/// Who waits for whom, and those for whom nobody waits.
@Suite("Wait")
struct WaitTests {
  @Test(arguments: TracingMechanism.allCases)
  func `waitid leaves the child where it is told to`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          pid_t child = fork();
          if (child == 0) _exit(19);
          for (int i = 0; i < 3; i++) {
            siginfo_t info = {0};
            need(waitid(P_PID, child, &info, WEXITED | (i < 2 ? WNOWAIT : 0)) == 0);
            printf("%d %d %d\\n", info.si_pid == child, info.si_code == CLD_EXITED, info.si_status);
          }
          need(wait(NULL) == -1);
          puts(strerrorname_np(errno));
        }
        """, mechanism, printing: "1 1 19\n1 1 19\n1 1 19\nECHILD\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `children whose end nobody wants to know`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          signal(SIGCHLD, SIG_IGN);
          for (int i = 0; i < 20; i++)
            if (fork() == 0) _exit(i);
          need(wait(NULL) == -1);
          puts(strerrorname_np(errno));
        }
        """, mechanism, printing: "ECHILD\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a descriptor of a process`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          pid_t child = fork();
          if (child == 0) sleeper(NULL);
          int file = syscall(SYS_pidfd_open, child, 0);
          need(file >= 0);
          syscall(SYS_pidfd_send_signal, file, SIGTERM, NULL, 0);
          struct pollfd entry = {.fd = file, .events = POLLIN};
          printf("%d\\n", poll(&entry, 1, -1));
          told("child", waited(child, 0));
        }
        """, mechanism, printing: "1\nchild: killed 15\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `SIGCHLD tells of each end`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static volatile sig_atomic_t heard;
        static void hear(int signal, siginfo_t *info, void *context) {
          if (info->si_code == CLD_EXITED) heard += info->si_status;
        }
        int main(void) {
          struct sigaction action = {.sa_sigaction = hear, .sa_flags = SA_SIGINFO | SA_RESTART};
          sigaction(SIGCHLD, &action, NULL);
          for (int i = 1; i <= 20; i++) {
            pid_t child = fork();
            if (child == 0) _exit(i);
            waited(child, 0);
          }
          printf("%d\\n", heard);
        }
        """, mechanism, printing: "210\n")
  }

  /// With --wait spawntrace ends after the last of the tree, so that what a daemon writes is there.
  @Test(arguments: TracingMechanism.allCases)
  func `a daemon is waited for`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        if (fork() == 0) {
          need(setsid() > 0);
          if (fork() > 0) _exit(0);
          // Until the command itself has ended: it is this one's parent no more, nor anybody's.
          int file = open("go", O_RDONLY);
          char byte;
          need(read(file, &byte, 1) == 0);
          usleep(50000);
          int out = open("out", O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
          need(write(out, getsid(0) != getpid() ? "daemon\\n" : "leader\\n", 7) == 7);
          _exit(0);
        }
        need(open("go", O_WRONLY) >= 0);  // closed by the end of this process
        wait(NULL);
        return 4;
      }
      """)
    let folder = try ScratchFolder()
    #expect(try ChildProcess.run(["mkfifo", "go"], in: folder.path).ending == "status 0")
    let run = try Traced.run(
      [program], options: mechanism.options + ["--wait"], in: folder.path)
    #expect(folder.read("out") == "daemon\n")
    #expect(run.outcome.ending == "status 4")
    #expect(run.report?.processes.count == 3)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `orphans go on, and their own children are theirs`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let script = "(sleep 0.2; (exit 3); echo $? > out) & exit 5"
    let run = try Traced.run(
      ["sh", "-c", script], options: mechanism.options + ["--wait"], in: folder.path)
    #expect(folder.read("out") == "3\n")
    #expect(run.outcome.ending == "status 5")
    #expect(run.report?.processes.allSatisfy { $0.exit != nil } == true)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a subreaper gets the orphans`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
          pid_t middle = fork();
          if (middle == 0) {
            if (fork() == 0) _exit(23);
            _exit(0);
          }
          told("middle", waited(middle, 0));
          int status;
          need(wait(&status) > 0);
          told("orphan", status);
        }
        """, mechanism, printing: "middle: exited 0\norphan: exited 23\n")
  }
}
