internal import TestSupport
internal import Testing

/// Processes that outlive their parents, while the command still runs.
struct DaemonTests {
  @Test(arguments: TracingMechanism.allCases)
  func `two forks and a session of its own`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          // A machine for tests may have any init: orphans become children of this process.
          need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
          int go[2], done[2];
          need(pipe2(go, O_CLOEXEC) == 0 && pipe2(done, O_CLOEXEC) == 0);
          pid_t top = getpid(), middle = fork();
          char byte;
          if (middle == 0) {
            need(setsid() == getpid());
            if (fork() > 0) _exit(0);
            need(read(go[0], &byte, 1) == 1);
            printf("parent %d, session of the middle %d, leader %d, terminal %d\\n", getppid() == top,
                   getsid(0) == getpgrp(), getsid(0) == getpid(), open("/dev/tty", O_RDWR));
            need(chdir("/") == 0);
            for (int i = 0; i < 3; i++) close(i);
            pid_t child = fork();
            if (child == 0) _exit(open("/dev/null", O_RDONLY | O_CLOEXEC) == 0 ? 5 : 6);
            byte = WEXITSTATUS(waited(child, 0));
            _exit(write(done[1], &byte, 1) == 1 ? 9 : 10);
          }
          report("middle", waited(middle, 0));
          need(write(go[1], "g", 1) == 1 && read(done[0], &byte, 1) == 1);
          printf("daemon's child %d\\n", byte);
          int status;
          need(wait(&status) > 0);
          report("daemon", status);
        }
        """, mechanism,
      printing: """
        middle: exited 0
        parent 1, session of the middle 1, leader 0, terminal -1
        daemon's child 5
        daemon: exited 9

        """)
    #expect(run.report?.processes.count == 4)
  }

  /// The kernel sends SIGHUP and SIGCONT to a stopped group that no shell can continue any more.
  @Test(arguments: TracingMechanism.allCases)
  func `a stopped group that becomes an orphan`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static char *heard;
        static void hear(int signal) { strcat(heard, signal == SIGHUP ? " hup" : " cont"); }
        int main(void) {
          heard = shared(64);
          need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
          pid_t middle = fork();
          if (middle == 0) {
            need(setsid() > 0);
            pid_t child = fork();
            if (child == 0) {
              setpgid(0, 0);
              struct sigaction action = {.sa_handler = hear};
              sigfillset(&action.sa_mask);
              sigaction(SIGHUP, &action, NULL);
              sigaction(SIGCONT, &action, NULL);
              raise(SIGSTOP);
              // The kernel ignores this stop, which no shell could end.
              raise(SIGTSTP);
              _exit(4);
            }
            report("child", waited(child, WUNTRACED));
            _exit(0);
          }
          report("middle", waited(middle, 0));
          int status;
          need(wait(&status) > 0);
          report("orphan", status);
          printf("heard%s\\n", heard);
        }
        """, mechanism,
      printing: """
        child: stopped 19
        middle: exited 0
        orphan: exited 4
        heard hup cont

        """)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a subreaper below a subreaper`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        /// Ends when its parent has.
        static _Noreturn void orphan(pid_t parent, int status) {
          while (getppid() == parent) sched_yield();
          _exit(status);
        }
        int main(void) {
          need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
          pid_t inner = fork();
          if (inner == 0) {
            int is = -1, status;
            need(prctl(PR_GET_CHILD_SUBREAPER, &is, 0, 0, 0) == 0);
            printf("inherited %d\\n", is);
            need(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
            pid_t self = getpid(), middle = fork();
            if (middle == 0) {
              pid_t parent = getpid();
              if (fork() == 0) orphan(parent, 2);
              _exit(1);
            }
            report("middle", waited(middle, 0));
            need(wait(&status) > 0);
            report("the inner one's", status);
            if (fork() == 0) orphan(self, 3);
            _exit(7);
          }
          report("inner", waited(inner, 0));
          int status;
          need(wait(&status) > 0);
          report("the outer one's", status);
          printf("%d\\n", wait(NULL));
        }
        """, mechanism,
      printing: """
        inherited 0
        middle: exited 1
        the inner one's: exited 2
        inner: exited 7
        the outer one's: exited 3
        -1

        """)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a signal at the parent's death`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        static int ready[2];
        static void *creator(void *unused) {
          if (fork() == 0) {
            prctl(PR_SET_PDEATHSIG, SIGUSR2, 0, 0, 0);
            write(ready[1], "r", 1);
            sleeper(NULL);
          }
          char byte;
          need(read(ready[0], &byte, 1) == 1);
          return NULL;
        }
        int main(void) {
          need(pipe(ready) == 0 && prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0);
          pid_t middle = fork();
          if (middle == 0) {
            if (fork() == 0) {
              need(prctl(PR_SET_PDEATHSIG, SIGUSR1, 0, 0, 0) == 0);
              write(ready[1], "r", 1);
              sleeper(NULL);
            }
            char byte;
            need(read(ready[0], &byte, 1) == 1);
            raise(SIGKILL);
          }
          report("middle", waited(middle, 0));
          int status;
          need(wait(&status) > 0);
          report("orphan", status);
          // The parent is the thread that has created it.
          pthread_join(thread(creator, NULL), NULL);
          need(wait(&status) > 0);
          report("the thread's child", status);
        }
        """, mechanism,
      printing: "middle: killed 9\norphan: killed 10\nthe thread's child: killed 12\n")
  }
}
