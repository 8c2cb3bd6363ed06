#include "trace.h"

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct run {
  const struct ctest_traced *program;
  int (*answer)(const struct ctest_stop *, void *);
  void *context;
  pid_t child;
  bool is_gone;
  int error;
};

uint64_t ctest_clock(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000000000 + (uint64_t)time.tv_nsec;
}

static pid_t process_of(pid_t thread) {
  char path[64], line[256];
  snprintf(path, sizeof path, "/proc/%d/status", thread);
  FILE *file = fopen(path, "re");
  pid_t process = thread;
  while (file && fgets(line, sizeof line, file))
    if (sscanf(line, "Tgid: %d", &process) == 1) break;
  if (file) fclose(file);
  return process;
}

static void become(const struct ctest_traced *program, int gate) {
  char byte;
  // The parent writes when it has seized this process.
  if (read(gate, &byte, 1) != 1) _exit(126);
  close(gate);
  if (program->root &&
      (unshare(CLONE_NEWNS) != 0 || chroot(program->root) != 0 || chdir("/") != 0))
    _exit(125);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, NULL);
  execve(program->arguments[0], program->arguments, program->environment);
  _exit(127);
}

static int follow(struct run *run) {
  uint64_t deadline = ctest_clock() + (uint64_t)run->program->milliseconds * 1000000;
  while (true) {
    int status;
    // Only the tracees of this thread: other tests have children, too.
    pid_t thread = waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG);
    if (thread < 0 && errno == ECHILD) return 0;
    if (ctest_clock() > deadline) return ETIMEDOUT;
    if (thread <= 0) {
      usleep(200);
      continue;
    }
    if (!WIFSTOPPED(status)) {
      if (thread != run->child) continue;
      run->is_gone = true;
      if (WIFEXITED(status) && WEXITSTATUS(status) >= 125) return ENOEXEC;
      continue;
    }
    struct ctest_stop stop = {
        .thread = thread, .process = process_of(thread), .event = status >> 16,
        .signal = WSTOPSIG(status)};
    ptrace(PTRACE_GETEVENTMSG, thread, NULL, &stop.message);
    int answer = run->answer(&stop, run->context);
    if (answer == ctest_answer_end) return 0;
    bool is_signal = stop.event == 0;
    long signal = is_signal && answer == ctest_answer_deliver ? stop.signal : 0;
    ptrace(PTRACE_CONT, thread, NULL, signal);
  }
}

/// Kills what is left, and waits for it. A process that is too slow is killed by the end of this
/// thread (PTRACE_O_EXITKILL).
static void reap(void) {
  uint64_t deadline = ctest_clock() + 5000000000;
  while (ctest_clock() < deadline) {
    int status;
    pid_t thread = waitpid(-1, &status, __WALL | __WNOTHREAD | WNOHANG);
    if (thread < 0 && errno == ECHILD) return;
    if (thread <= 0) {
      usleep(200);
    } else if (WIFSTOPPED(status)) {
      kill(process_of(thread), SIGKILL);
      ptrace(PTRACE_CONT, thread, NULL, SIGKILL);
    }
  }
}

static void *trace(void *argument) {
  struct run *run = argument;
  int gate[2];
  if (pipe(gate) != 0) {
    run->error = errno;
    return NULL;
  }
  pid_t child = fork();
  if (child == 0) {
    close(gate[1]);
    become(run->program, gate[0]);
  }
  close(gate[0]);
  long options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE |
                 PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
  if (child < 0 || ptrace(PTRACE_SEIZE, child, NULL, options) != 0) {
    run->error = errno;
    close(gate[1]);
    return NULL;
  }
  if (write(gate[1], "", 1) != 1) run->error = errno;
  close(gate[1]);
  run->child = child;
  run->error = follow(run);
  if (!run->is_gone) kill(child, SIGKILL);
  reap();
  return NULL;
}

int ctest_trace(const struct ctest_traced *program,
                int (*answer)(const struct ctest_stop *, void *), void *context) {
  struct run run = {.program = program, .answer = answer, .context = context};
  pthread_t thread;
  int error = pthread_create(&thread, NULL, trace, &run);
  if (error != 0) return error;
  pthread_join(thread, NULL);
  return run.error;
}
