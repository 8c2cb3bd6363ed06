// Processes that try to outlive the run that is to end them: `escapes SHAPE`. Each goes on for a
// minute at most, so that nothing stays for ever.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static char *self;
static time_t deadline;

static void nap(long milliseconds) {
  struct timespec time = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  nanosleep(&time, NULL);
}

static bool is_over(void) { return time(NULL) >= deadline; }

// Runs this program anew; the argument differs each time.
static void again(const char *shape, long number) {
  char text[32], end[32];
  snprintf(text, sizeof text, "%ld", number);
  snprintf(end, sizeof end, "%ld", (long)deadline);
  execl(self, self, shape, text, end, (char *)NULL);
  _exit(1);
}

static void live(void) {
  while (!is_over()) nap(50);
  _exit(0);
}

static void ignore_all(void) {
  static const int signals[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGCONT};
  for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_IGN);
}

// Each process starts its successor in a session of its own and ends at once.
static void chain(const char *shape, long number, bool is_vfork) {
  nap(2);
  if (is_over()) _exit(0);
  pid_t child = is_vfork ? vfork() : fork();
  if (child == 0) {
    if (!is_vfork) setsid();
    again(shape, number + 1);
  }
  _exit(0);
}

static void fork_chain(void) {
  while (!is_over()) {
    if (fork() > 0) _exit(0);
    setsid();
    nap(1);
  }
  _exit(0);
}

static void clone_parent_chain(long number) {
  nap(2);
  if (is_over()) _exit(0);
  if (syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0) == 0) again("clone-parent", number + 1);
  _exit(0);
}

static void daemonize(bool keeps_session) {
  if (fork() > 0) _exit(0);
  if (!keeps_session) setsid();
  if (fork() > 0) _exit(0);
}

// The number of live processes is limited by a counter that they share.
static void storm(void) {
  int *count = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  ignore_all();
  *count = 1;
  pid_t root = getpid();
  for (int i = 0; !is_over(); i++) {
    // The first process ends while its children go on.
    if (getpid() == root && i == 50) _exit(0);
    if (__atomic_add_fetch(count, 1, __ATOMIC_SEQ_CST) > 40) {
      __atomic_sub_fetch(count, 1, __ATOMIC_SEQ_CST);
      sched_yield();
      if (getpid() != root && i % 7 == 0) {
        __atomic_sub_fetch(count, 1, __ATOMIC_SEQ_CST);
        _exit(0);
      }
      while (waitpid(-1, NULL, WNOHANG) > 0) {}
      continue;
    }
    if (fork() == 0) setsid();
  }
  _exit(0);
}

static void *forking(void *unused) {
  (void)unused;
  while (!is_over()) {
    pid_t child = fork();
    if (child == 0) {
      setsid();
      nap(5);
      if (fork() == 0) nap(300);
      _exit(0);
    }
    if (child > 0) waitpid(child, NULL, 0);
  }
  return NULL;
}

static void threads(void) {
  // The root ends; a child of it has the threads.
  if (fork() > 0) _exit(0);
  pthread_t thread;
  for (int i = 0; i < 4; i++) pthread_create(&thread, NULL, forking, NULL);
  live();
}

// The parent of this process is the tracer, and its parent the front.
static pid_t parent_of(pid_t process) {
  char path[64], text[512] = "";
  snprintf(path, sizeof path, "/proc/%d/stat", process);
  int file = open(path, O_RDONLY);
  ssize_t count = read(file, text, sizeof text - 1);
  close(file);
  char *end = count > 0 ? strrchr(text, ')') : NULL;
  return end ? atoi(end + 4) : 0;
}

static void stop(const char *whom) {
  pid_t tracer = getppid(), front = parent_of(tracer);
  FILE *pids = fopen(getenv("ESCAPES_PIDS"), "w");
  if (pids) {
    fprintf(pids, "%d %d\n", front, tracer);
    fclose(pids);
  }
  if (strstr(whom, "front")) kill(front, SIGSTOP);
  if (strstr(whom, "tracer")) kill(tracer, SIGSTOP);
  live();
}

int main(int count, char **arguments) {
  if (count < 2) return 2;
  self = "/proc/self/exe";
  const char *shape = arguments[1];
  long number = count > 2 ? atol(arguments[2]) : 0;
  deadline = count > 3 ? atol(arguments[3]) : time(NULL) + 60;
  if (!strncmp(shape, "stop-", 5)) stop(shape + 5);
  if (!strcmp(shape, "chain")) chain(shape, number, false);
  if (!strcmp(shape, "deaf-chain")) {
    ignore_all();
    chain(shape, number, false);
  }
  if (!strcmp(shape, "vfork-chain")) chain(shape, number, true);
  if (!strcmp(shape, "fork-chain")) fork_chain();
  if (!strcmp(shape, "clone-parent")) clone_parent_chain(number);
  if (!strcmp(shape, "subreaper")) {
    // The subreaper lives on between the chain and the root, which ends.
    if (fork() > 0) _exit(0);
    prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    if (fork() == 0) fork_chain();
    for (;;) if (wait(NULL) < 0) live();
  }
  if (!strcmp(shape, "double-fork")) {
    daemonize(false);
    live();
  }
  if (!strcmp(shape, "orphan")) {
    daemonize(true);
    ignore_all();
    live();
  }
  if (!strcmp(shape, "setsid")) {
    if (fork() == 0) {
      setsid();
      ignore_all();
      live();
    }
    nap(20);
    _exit(0);
  }
  if (!strcmp(shape, "deaf")) {
    ignore_all();
    live();
  }
  if (!strcmp(shape, "storm")) storm();
  if (!strcmp(shape, "threads")) threads();
  return 2;
}
