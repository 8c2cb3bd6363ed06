internal import TestSupport

extension CProgram {
  /// Compiles a program that begins with the headers and functions that all these programs share.
  static func withPrelude(
    _ text: String, file: String = #fileID, line: Int = #line
  ) throws -> String {
    try build(prelude + "#line 1 \"\(file):\(line)\"\n" + text, file: file, line: line)
  }

  /// A program that installs a filter that allows all calls, and executes its arguments.
  static func underItsOwnFilter() throws -> String {
    try withPrelude(
      """
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      int main(int count, char **arguments) {
        struct sock_filter all[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
        struct sock_fprog program = {1, all};
        need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
        need(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0);
        execv(arguments[1], arguments + 1);
        return 97;
      }
      """)
  }

  /// The headers; `need`, which ends the program with the place of what failed; `report`, which
  /// prints a wait status in words; and standard output without a buffer, which a fork would copy.
  private static let prelude = """
    #line 1 "CPrelude.swift"
    #include <errno.h>
    #include <fcntl.h>
    #include <poll.h>
    #include <pthread.h>
    #include <sched.h>
    #include <signal.h>
    #include <spawn.h>
    #include <stdatomic.h>
    #include <stddef.h>
    #include <stdint.h>
    #include <stdio.h>
    #include <stdlib.h>
    #include <string.h>
    #include <sys/mman.h>
    #include <sys/prctl.h>
    #include <sys/ptrace.h>
    #include <sys/resource.h>
    #include <sys/signalfd.h>
    #include <sys/stat.h>
    #include <sys/syscall.h>
    #include <sys/time.h>
    #include <sys/wait.h>
    #include <time.h>
    #include <unistd.h>
    #define UNUSED __attribute__((unused))
    #define need(what) \\
      do { \\
        if (!(what)) { \\
          printf("%s, line %d of its program: not %s: %s\\n", __FILE__, __LINE__, #what, strerror(errno)); \\
          _exit(99); \\
        } \\
      } while (0)
    extern char **environ;
    __attribute__((constructor)) static void unbuffered(void) { setvbuf(stdout, NULL, _IONBF, 0); }
    UNUSED static void report(const char *name, int status) {
      if (WIFEXITED(status)) printf("%s: exited %d\\n", name, WEXITSTATUS(status));
      else if (WIFSIGNALED(status)) printf("%s: killed %d\\n", name, WTERMSIG(status));
      else if (WIFSTOPPED(status)) printf("%s: stopped %d\\n", name, WSTOPSIG(status));
      else if (WIFCONTINUED(status)) printf("%s: continued\\n", name);
    }
    UNUSED static int waited(pid_t pid, int options) {
      int status = 0;
      need(waitpid(pid, &status, options) == pid);
      return status;
    }
    UNUSED static void *shared(size_t size) {
      void *memory = mmap(0, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
      need(memory != MAP_FAILED);
      return memory;
    }
    UNUSED static void spin(long microseconds) {
      struct timespec now, start;
      clock_gettime(CLOCK_MONOTONIC, &start);
      long past = 0;
      while (past < microseconds * 1000) {
        clock_gettime(CLOCK_MONOTONIC, &now);
        past = (now.tv_sec - start.tv_sec) * 1000000000 + now.tv_nsec - start.tv_nsec;
      }
    }
    /// Returns when a process waits in this system call (proc_pid_syscall(5)).
    UNUSED static void until_waiting(pid_t pid, long number) {
      char path[64], text[64] = "";
      snprintf(path, sizeof path, "/proc/%d/syscall", pid);
      while (*text < '0' || *text > '9' || atol(text) != number) {
        int file = open(path, O_RDONLY);
        need(file >= 0 && read(file, text, sizeof text - 1) > 0);
        close(file);
        sched_yield();
      }
    }
    UNUSED static void *sleeper(void *unused) {
      for (;;) pause();
    }
    UNUSED static void *opener(void *unused) {
      for (;;) {
        int file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC);
        if (file < 0) {
          printf("open: %s\\n", strerror(errno));
          _exit(98);
        }
        close(file);
      }
    }
    UNUSED static pthread_t thread(void *(*body)(void *), void *argument) {
      pthread_t id;
      need(pthread_create(&id, 0, body, argument) == 0);
      return id;
    }

    """
}
