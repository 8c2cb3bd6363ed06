// Making processes, waiting for them, and ending.
#include "tree.h"

void descend(const char *name, uint64_t seed) {
  snprintf(path + strlen(path), sizeof path - strlen(path), ".%u%s", births, name);
  line = births = 0;
  dice = seed;
  record_count = 0;
}

pid_t make_raw(unsigned kind) {
  if (kind == 0) return (pid_t)syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL);
#ifdef SYS_clone3
  if (kind == 1) {
    uint64_t arguments[8] = {0, 0, 0, 0, SIGCHLD};
    return (pid_t)syscall(SYS_clone3, arguments, sizeof arguments);
  }
#endif
#ifdef SYS_fork
  if (kind == 2) return (pid_t)syscall(SYS_fork);
#endif
  return fork();
}

pid_t make(const char *name) {
  uint64_t seed = roll();
  births++;
  pid_t child = make_raw(pick(6));
  if (child == 0) descend(name, seed);
  if (child < 0) say("fork of %s: %s", name, why(errno));
  return child;
}

void say_status(const char *name, int status) {
  if (WIFEXITED(status)) say("%s exited %d", name, WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) say("%s killed by %s core %d", name, sig(WTERMSIG(status)), WCOREDUMP(status) != 0);
  else if (WIFSTOPPED(status)) say("%s stopped by %s", name, sig(WSTOPSIG(status)));
  else say("%s has status %x", name, status);
}

void say_info(const char *name, const char *how, const siginfo_t *info, pid_t child) {
  say("%s %s: signal %d code %d status %d uid %d pid %s", name, how, info->si_signo, info->si_code, info->si_status,
      (int)info->si_uid, info->si_pid == child ? "its" : info->si_pid == 0 ? "none" : "another's");
}

// Waits for the end of a child in one of many ways.
void await_with(pid_t child, const char *name, int flags) {
  if (child <= 0) return;
  int status = 0;
  siginfo_t info;
  memset(&info, 0, sizeof info);
  switch (pick(5)) {
    case 0: {
      struct rusage usage;
      pid_t result = wait4(child, &status, flags, &usage);
      if (result != child) say("wait4 for %s: %s", name, why(errno));
      say_status(name, status);
      return;
    }
    case 1:
      for (int i = 0; i < 2; i++) {
        memset(&info, 0, sizeof info);
        if (waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT | flags)) say("waitid for %s: %s", name, why(errno));
        say_info(name, "left there", &info, child);
      }
      break;
    case 2: {
      int descriptor = (int)syscall(SYS_pidfd_open, child, 0);
      struct pollfd entry = {.fd = descriptor, .events = POLLIN};
      int ready;
      do ready = poll(&entry, 1, -1);
      while (ready < 0 && errno == EINTR);
      if (waitid(P_PIDFD, (id_t)descriptor, &info, WEXITED | flags)) say("waitid for %s: %s", name, why(errno));
      say("%s readable %d", name, entry.revents);
      say_info(name, "by descriptor", &info, child);
      close(descriptor);
      return;
    }
    default: break;
  }
  pid_t result = waitpid(child, &status, flags);
  if (result != child) say("waitpid for %s: %s", name, why(errno));
  say_status(name, status);
}

void await(pid_t child, const char *name) { await_with(child, name, 0); }

void reap_all(void) {
  while (waitpid(-1, NULL, __WALL) > 0 || errno == EINTR) {
  }
}

static _Noreturn void die(int number) {
  set(number, SIG_DFL);
  mask(SIG_UNBLOCK, number);
  if (pick(2)) kill(getpid(), number);
  else raise_here(number);
  for (;;) pause();
}

static const int deadly[] = {SIGHUP,  SIGINT,  SIGQUIT, SIGILL,   SIGTRAP, SIGABRT, SIGBUS,    SIGFPE,  SIGKILL, SIGUSR1,
                             SIGSEGV, SIGUSR2, SIGPIPE, SIGALRM,  SIGTERM, SIGXCPU, SIGSTKFLT, SIGXFSZ, SIGVTALRM,
                             SIGPROF, SIGIO,   SIGPWR,  SIGSYS};

int any_deadly(void) { return pick(10) ? deadly[pick(sizeof deadly / sizeof *deadly)] : SIGRTMIN + (int)pick(30); }

static void *exit_all(void *code) {
  usleep(300);
  _exit((int)(intptr_t)code);
}

static void *kill_all(void *number) {
  die((int)(intptr_t)number);
}

_Noreturn void end_somehow(void) {
  pthread_t thread;
  switch (pick(8)) {
    case 0:
    case 1: die(any_deadly());
    case 2:
      // The first thread ends before its process.
      pthread_create(&thread, NULL, pick(2) ? exit_all : kill_all, (void *)(intptr_t)(1 + pick(15)));
      if (pick(2)) pthread_exit(NULL);
      pthread_join(thread, NULL);
      break;
    case 3: exit((int)pick(256));
    default: _exit((int)pick(256));
  }
  _exit(96);
}
