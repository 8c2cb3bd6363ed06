internal import TestSupport
internal import Testing

/// Waiting for children in every way, and children that no process waits for.
struct WaitTests {
  @Test(arguments: TracingMechanism.allCases)
  func `waitid with WNOWAIT leaves the child`(_ mechanism: TracingMechanism) throws {
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

  /// Ends, stops and continuations of any child, of a group, of a descriptor, of one child.
  @Test(arguments: TracingMechanism.allCases)
  func `waitid with WNOWAIT removes nothing, for any child or one`(
    _ mechanism: TracingMechanism
  ) throws {
    let ways = ["any", "group", "descriptor", "one"]
    let seen = { (what: String) in ways.map { "\($0): code \(what)\n" }.joined() }
    try expectSame(
      program: """
        static void look(const char *name, idtype_t kind, id_t id, int options) {
          siginfo_t info = {0};
          if (waitid(kind, id, &info, options) < 0) printf("%s: %s\\n", name, strerrorname_np(errno));
          else printf("%s: code %d, %d\\n", name, info.si_code, info.si_status);
        }
        int main(void) {
          int go[2], all = WEXITED | WSTOPPED | WCONTINUED;
          need(pipe(go) == 0);
          pid_t child = fork();
          if (child == 0) {
            char byte;
            raise(SIGSTOP);
            need(read(go[0], &byte, 1) == 1);
            _exit(11);
          }
          setpgid(child, child);
          int file = syscall(SYS_pidfd_open, child, 0);
          struct { const char *name; idtype_t kind; id_t id; } ways[] = {
            {"any", P_ALL, 0}, {"group", P_PGID, child}, {"descriptor", P_PIDFD, file}, {"one", P_PID, child},
          };
          for (int i = 0; i < 4; i++) look(ways[i].name, ways[i].kind, ways[i].id, all | WNOWAIT);
          look("another group", P_PGID, getpgrp(), all | WNOWAIT);
          look("ends", P_ALL, 0, WEXITED | WNOHANG);
          look("taken", P_ALL, 0, WSTOPPED);
          look("again", P_ALL, 0, WSTOPPED | WNOHANG);
          kill(child, SIGCONT);
          for (int i = 0; i < 4; i++) look(ways[i].name, ways[i].kind, ways[i].id, all | WNOWAIT);
          look("taken", P_ALL, 0, WCONTINUED);
          look("again", P_ALL, 0, WCONTINUED | WNOHANG);
          need(write(go[1], "g", 1) == 1);
          for (int i = 0; i < 4; i++) look(ways[i].name, ways[i].kind, ways[i].id, all | WNOWAIT);
          // Of two that have ended none is taken by a look.
          pid_t second = fork();
          if (second == 0) sleeper(NULL);
          kill(second, SIGKILL);
          look("second", P_PID, second, WEXITED | WNOWAIT);
          int sum = 0, ends = 0;
          siginfo_t info = {0};
          for (; waitid(P_ALL, 0, &info, WEXITED | WNOWAIT) == 0; ends++) {
            int status = waited(info.si_pid, 0);
            sum += WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
          }
          printf("%d ends, %d, then %s\\n", ends, sum, strerrorname_np(errno));
        }
        """, mechanism,
      printing: seen("5, 19")
        + "another group: ECHILD\nends: code 0, 0\ntaken: code 5, 19\nagain: code 0, 0\n"
        + seen("6, 18") + "taken: code 6, 18\nagain: code 0, 0\n" + seen("1, 11")
        + "second: code 2, 9\n2 ends, 20, then ECHILD\n")
  }

  /// Any thread may wait for a child of its process, except with __WNOTHREAD; and the child's times
  /// come with its end.
  @Test(arguments: TracingMechanism.allCases)
  func `waiting in threads, and what a child has used`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static void *other(void *child) {
          need(waitpid(*(pid_t *)child, NULL, __WNOTHREAD) < 0);
          printf("not its own: %s\\n", strerrorname_np(errno));
          report("another thread", waited(*(pid_t *)child, 0));
          return NULL;
        }
        int main(void) {
          pid_t child = fork();
          if (child == 0) _exit(6);
          pthread_join(thread(other, &child), NULL);
          child = fork();
          if (child == 0) {
            struct rusage own;
            do getrusage(RUSAGE_SELF, &own);
            while (own.ru_utime.tv_sec == 0 && own.ru_utime.tv_usec + own.ru_stime.tv_usec < 20000);
            _exit(8);
          }
          int status;
          struct rusage usage[2];
          need(wait4(child, &status, 0, &usage[0]) == child && getrusage(RUSAGE_CHILDREN, &usage[1]) == 0);
          report("child", status);
          printf("used");
          for (int i = 0; i < 2; i++)
            printf(" %d", usage[i].ru_utime.tv_usec + usage[i].ru_stime.tv_usec >= 20000);
          puts("");
        }
        """, mechanism,
      printing: "not its own: ECHILD\nanother thread: exited 6\nchild: exited 8\nused 1 1\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `children that are reaped without a wait`(_ mechanism: TracingMechanism) throws {
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
          report("child", waited(child, 0));
        }
        """, mechanism, printing: "1\nchild: killed 15\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `SIGCHLD comes at each end`(_ mechanism: TracingMechanism) throws {
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

  /// With --wait spawntrace ends after the last process of the tree: the output of a daemon is
  /// complete.
  @Test(arguments: TracingMechanism.allCases)
  func `a daemon is waited for`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        if (fork() == 0) {
          need(setsid() > 0);
          if (fork() > 0) _exit(0);
          // The end of the command closes the other end.
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
    let processes = try #require(run.report).processes
    #expect(processes.count > 1 && processes.allSatisfy { $0.exit != nil })
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
          report("middle", waited(middle, 0));
          int status;
          need(wait(&status) > 0);
          report("orphan", status);
        }
        """, mechanism, printing: "middle: exited 0\norphan: exited 23\n")
  }
}
