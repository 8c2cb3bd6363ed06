// A random process tree, made of a seed, that writes down all that its processes can see.
//
//     tree root SEED
//
// Each line of the transcript is "PLACE NUMBER TEXT": the process's place in the tree and the line's number there, so
// that sorted lines are the same for the same seed, whichever process was faster. What is written must be true in
// each case: what a scenario tells is synchronised, and what dies at a random moment tells nothing. At most 60
// processes live at once.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

enum { LOG = 100, MOST_LIVE = 50, HOST_NEEDS = 9 };

static const char *program;
extern char **environ;
static char path[240];
static unsigned line, births;
static bool quiet;
static bool in_thread;
static uint64_t dice;

// MARK: Dice and words

static uint64_t roll(void) {
  uint64_t z = (dice += 0x9e3779b97f4a7c15);
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static unsigned pick(unsigned count) { return (unsigned)(roll() % count); }

__attribute__((format(printf, 1, 2))) static void say(const char *format, ...) {
  unsigned number = ++line;
  if (quiet) return;
  char text[2000];
  int count = snprintf(text, sizeof text, "%s %03u ", path, number);
  va_list arguments;
  va_start(arguments, format);
  count += vsnprintf(text + count, sizeof text - (size_t)count - 1, format, arguments);
  va_end(arguments);
  if (count > (int)sizeof text - 2) count = sizeof text - 2;
  text[count++] = '\n';
  if (write(LOG, text, (size_t)count) != count) _exit(98);
}

static const char *why(int error) { return error ? strerrorname_np(error) : "ok"; }

static const char *sig(int number) {
  static char text[4][20];
  static int next;
  char *result = text[next++ & 3];
  if (number >= SIGRTMIN) snprintf(result, 20, "RT%d", number - SIGRTMIN);
  else snprintf(result, 20, "%s", number && sigabbrev_np(number) ? sigabbrev_np(number) : "none");
  return result;
}

// MARK: Together

// A byte through a pipe; false where all writers are gone.
struct gate {
  int end[2];
};

static struct gate gate_make(void) {
  struct gate gate;
  if (pipe2(gate.end, O_CLOEXEC)) _exit(97);
  return gate;
}

static void gate_open(struct gate *gate) {
  while (write(gate->end[1], "g", 1) < 0 && errno == EINTR) {
  }
}

static bool gate_wait(struct gate *gate) {
  char byte;
  ssize_t count;
  do count = read(gate->end[0], &byte, 1);
  while (count < 0 && errno == EINTR);
  return count == 1;
}

static void gate_close(struct gate *gate) {
  close(gate->end[0]);
  // A long write's is closed already.
  if (gate->end[1] >= 0) close(gate->end[1]);
}

struct shared {
  volatile int flag[32];
  volatile pid_t pid[32];
};

static struct shared *share_make(void) {
  struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) _exit(97);
  return shared;
}

static void until(volatile int *flag) {
  while (!*flag) usleep(100);
}

static void nap(unsigned most_microseconds) {
  if (most_microseconds) usleep(pick(most_microseconds));
}

// A file of this run; the name tells whose.
static char *file_name(const char *kind) {
  static char name[100];
  uint32_t hash = 2166136261;
  for (const char *c = path; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619;
  snprintf(name, sizeof name, "a-file-of-this-run-%s-%08x-%u", kind, hash, line);
  return name;
}

// MARK: Signals

struct record {
  int signal, code, value, status;
  pid_t from;
};
static struct record records[64];
static volatile int record_count;

static struct record record_of(const siginfo_t *info) {
  struct record record = {.signal = info->si_signo, .code = info->si_code};
  if (info->si_signo == SIGCHLD && info->si_code > 0) record.from = info->si_pid, record.status = info->si_status;
  else if (info->si_code == SI_USER || info->si_code == SI_TKILL) record.from = info->si_pid;
  else if (info->si_code == SI_QUEUE) record.from = info->si_pid, record.value = info->si_value.sival_int;
  else if (info->si_code == SI_TIMER) record.value = info->si_value.sival_int;
  return record;
}

static void note(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  int error = errno;
  int index = record_count;
  if (index < 64) {
    records[index] = record_of(info);
    record_count = index + 1;
  }
  errno = error;
}

static void say_record(const char *what, struct record record, pid_t child) {
  const char *from = record.from == 0            ? "nobody"
                     : record.from == getpid()  ? "self"
                     : record.from == child     ? "child"
                     : record.from == getppid() ? "parent"
                                                : "other";
  say("%s %s code %d value %d status %d from %s", what, sig(record.signal), record.code, record.value, record.status,
      from);
}

static void say_records(const char *what, pid_t child) {
  for (int i = 0; i < record_count; i++) say_record(what, records[i], child);
  record_count = 0;
}

static void on(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

static void set(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(number, &action, NULL);
}

static void mask(int how, int number) {
  sigset_t signals;
  sigemptyset(&signals);
  if (number) sigaddset(&signals, number);
  pthread_sigmask(how, &signals, NULL);
}

static void raise_here(int number) { syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number); }

static void say_status_field(const char *text) {
  static const char *const fields[] = {"SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "NoNewPrivs", "Threads",
                                       "CoreDumping", "Groups", "Umask", "Cpus_allowed_list", "CapEff", "CapBnd"};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    size_t count = strlen(fields[i]);
    if (strncmp(text, fields[i], count) == 0 && text[count] == ':') {
      char copy[200];
      snprintf(copy, sizeof copy, "%s", text);
      for (char *c = copy; *c; c++)
        if (*c == '\t' || *c == '\n') *c = ' ';
      say("state %s", copy);
    }
  }
}

// What a program is given: all of it must be as without a tracer.
static void say_state(void) {
  FILE *file = fopen("/proc/thread-self/status", "re");
  char text[500];
  while (file && fgets(text, sizeof text, file)) say_status_field(text);
  if (file) fclose(file);
  char open_ones[600] = "";
  for (int fd = 0; fd < 256; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
      snprintf(open_ones + strlen(open_ones), sizeof open_ones - strlen(open_ones), " %d%s", fd,
               flags & FD_CLOEXEC ? "c" : "");
  }
  say("state descriptors%s", open_ones);
  uint32_t hash = 2166136261;
  int count = 0;
  for (char **variable = environ; *variable; variable++) {
    if (strncmp(*variable, "SOAK_RUN=", 9) == 0) continue;
    count++;
    for (const char *c = *variable; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619;
  }
  char name[20] = "";
  prctl(PR_GET_NAME, name);
  int death_signal = 0;
  prctl(PR_GET_PDEATHSIG, &death_signal);
  say("state environment %d %08x, name %s, dumpable %d, death signal %d", count, hash, name, prctl(PR_GET_DUMPABLE),
      death_signal);
  char limits[800] = "";
  for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
    struct rlimit limit;
    getrlimit(resource, &limit);
    snprintf(limits + strlen(limits), sizeof limits - strlen(limits), " %lld/%lld", (long long)limit.rlim_cur,
             (long long)limit.rlim_max);
  }
  say("state limits%s", limits);
  struct itimerval timer;
  getitimer(ITIMER_REAL, &timer);
  stack_t stack;
  sigaltstack(NULL, &stack);
  say("state timer %s, nice %d, scheduler %d, leader of group %d of session %d, first thread %d, other stack %d",
      timer.it_value.tv_sec || timer.it_value.tv_usec ? "runs" : "none", getpriority(PRIO_PROCESS, 0),
      sched_getscheduler(0), getpgrp() == getpid(), getsid(0) == getpid(), syscall(SYS_gettid) == getpid(),
      stack.ss_flags);
}

// MARK: Making processes and waiting for them

static void descend(const char *name, uint64_t seed) {
  snprintf(path + strlen(path), sizeof path - strlen(path), ".%u%s", births, name);
  line = births = 0;
  dice = seed;
  record_count = 0;
}

static pid_t make_raw(unsigned kind) {
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

static pid_t make(const char *name) {
  uint64_t seed = roll();
  births++;
  pid_t child = make_raw(pick(6));
  if (child == 0) descend(name, seed);
  if (child < 0) say("fork of %s: %s", name, why(errno));
  return child;
}

static void say_status(const char *name, int status) {
  if (WIFEXITED(status)) say("%s exited %d", name, WEXITSTATUS(status));
  else if (WIFSIGNALED(status)) say("%s killed by %s core %d", name, sig(WTERMSIG(status)), WCOREDUMP(status) != 0);
  else if (WIFSTOPPED(status)) say("%s stopped by %s", name, sig(WSTOPSIG(status)));
  else say("%s has status %x", name, status);
}

static void say_info(const char *name, const char *how, const siginfo_t *info, pid_t child) {
  say("%s %s: signal %d code %d status %d uid %d pid %s", name, how, info->si_signo, info->si_code, info->si_status,
      (int)info->si_uid, info->si_pid == child ? "its" : info->si_pid == 0 ? "none" : "another's");
}

// Waits for the end of one child in one of many ways.
static void await_with(pid_t child, const char *name, int flags) {
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

static void await(pid_t child, const char *name) { await_with(child, name, 0); }

static void reap_all(void) {
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

static int any_deadly(void) { return pick(10) ? deadly[pick(sizeof deadly / sizeof *deadly)] : SIGRTMIN + (int)pick(30); }

static void *exit_all(void *code) {
  usleep(300);
  _exit((int)(intptr_t)code);
}

static void *kill_all(void *number) {
  die((int)(intptr_t)number);
}

static _Noreturn void end(void) {
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

// MARK: Execution

struct arguments {
  char place[240], seed[24], budget[12], silent[4];
  char *list[8];
};

static char **arguments_for(struct arguments *arguments, const char *kind, const char *name, uint64_t seed,
                            unsigned budget) {
  if (*name) snprintf(arguments->place, sizeof arguments->place, "%.200s.%u%s", path, ++births, name);
  else snprintf(arguments->place, sizeof arguments->place, "%s", path);
  snprintf(arguments->seed, sizeof arguments->seed, "%llu", (unsigned long long)seed);
  snprintf(arguments->budget, sizeof arguments->budget, "%u", budget);
  snprintf(arguments->silent, sizeof arguments->silent, "%d", quiet);
  char *list[8] = {(char *)program, (char *)kind, arguments->place, arguments->seed, arguments->budget,
                   arguments->silent, NULL};
  memcpy(arguments->list, list, sizeof list);
  return arguments->list;
}

// What a program inherits: some signals blocked, ignored, pending, a timer, closed descriptors.
static void prepare_execution(void) {
  static const int numbers[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGPIPE, SIGINT, SIGTSTP};
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
    switch (pick(6)) {
      case 0: mask(SIG_BLOCK, numbers[i]); break;
      case 1: set(numbers[i], SIG_IGN); break;
      case 2: on(numbers[i], note, 0); break;
      case 3:
        mask(SIG_BLOCK, numbers[i]);
        if (pick(2)) raise_here(numbers[i]);
        else kill(getpid(), numbers[i]);
        break;
      default: break;
    }
  }
  if (pick(4) == 0) {
    union sigval value = {.sival_int = (int)pick(1000)};
    mask(SIG_BLOCK, SIGRTMIN + 7);
    for (unsigned i = pick(4); i > 0; i--, value.sival_int++) sigqueue(getpid(), SIGRTMIN + 7, value);
  }
  if (pick(5) == 0) setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_sec = 1000}}, NULL);
  if (pick(6) == 0) setpgid(0, 0);
  if (pick(8) == 0) umask(077);
  if (pick(8) == 0) prctl(PR_SET_PDEATHSIG, SIGTERM);
  for (int fd = 0; fd < 3; fd++)
    if (pick(6) == 0) close(fd);
}

static void execute_by_path(char **list) {
  // Each folder fails in its way before the right one.
  static const char *const folders[] = {"/nowhere", "/etc/passwd", ".", "refused", "/proc/self"};
  char value[600] = "";
  for (unsigned i = 1 + pick(4); i > 0; i--)
    snprintf(value + strlen(value), sizeof value - strlen(value), "%s:", folders[pick(5)]);
  char folder[300];
  snprintf(folder, sizeof folder, "%s", program);
  char *slash = strrchr(folder, '/');
  *slash = 0;
  snprintf(value + strlen(value), sizeof value - strlen(value), "%s", folder);
  char old[4000];
  snprintf(old, sizeof old, "PATH=%s", getenv("PATH") ?: "");
  setenv("PATH", value, 1);
  static char *changed[500];
  int count = 0;
  for (char **variable = environ; *variable && count < 498; variable++)
    changed[count++] = strncmp(*variable, "PATH=", 5) ? *variable : old;
  execvpe(slash + 1, list, changed);
}

static void execute(char **list) {
  switch (pick(4)) {
    case 0: execute_by_path(list); break;
    case 1: {
      int descriptor = open(program, O_PATH | O_CLOEXEC);
      syscall(SYS_execveat, descriptor, "", list, environ, AT_EMPTY_PATH);
      break;
    }
    default: execve(program, list, environ);
  }
  say("exec: %s", why(errno));
  _exit(95);
}

struct thread_execution {
  char **list;
  struct gate gate;
  sigset_t mask;
  uint64_t seed;
};

static void *execute_there(void *argument) {
  struct thread_execution *execution = argument;
  pthread_sigmask(SIG_SETMASK, &execution->mask, NULL);
  if (!gate_wait(&execution->gate)) return NULL;
  // Either of two may be first, so that they do the same.
  execve(program, execution->list, environ);
  _exit(95);
}

// What the other threads do while one of them executes a program.
static void *disturb(void *argument) {
  unsigned kind = (unsigned)(uintptr_t)argument;
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  for (;;) {
    switch (kind) {
      case 0: return NULL;
      case 1: getppid(); break;
      case 2: {
        int descriptor = open("data", O_RDONLY | O_CLOEXEC);
        if (descriptor >= 0) close(descriptor);
        break;
      }
      case 3: pause(); break;
      case 4: {
        pthread_t thread;
        if (pthread_create(&thread, NULL, disturb, (void *)0) == 0) pthread_join(thread, NULL);
        break;
      }
      case 5: {
        pid_t child = make_raw(3);
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
        break;
      }
      case 6: {
        pid_t child = vfork();
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
        break;
      }
      default: {
        char *list[] = {(char *)program, "nothing", NULL};
        execve("/nowhere/at/all", list, environ);
        usleep(100);
      }
    }
  }
}

static _Noreturn void execute_from_thread(char **list) {
  struct thread_execution execution = {.list = list, .gate = gate_make()};
  pthread_sigmask(SIG_SETMASK, NULL, &execution.mask);
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, NULL);
  pthread_t threads[8];
  unsigned racers = 1 + (pick(3) == 0);
  for (unsigned i = 0; i < racers; i++) pthread_create(&threads[i], NULL, execute_there, &execution);
  for (unsigned i = pick(5); i > 0; i--) pthread_create(&threads[7], NULL, disturb, (void *)(uintptr_t)pick(8));
  nap(600);
  for (unsigned i = 0; i < racers; i++) gate_open(&execution.gate);
  switch (pick(3)) {
    case 0: pthread_exit(NULL);
    case 1: disturb((void *)(uintptr_t)(1 + pick(4))); break;
    default: pthread_join(threads[0], NULL);
  }
  for (;;) pause();
}

// Starts this program as another node or leaf, by one of the ways there are.
static pid_t launch(const char *kind, const char *name, unsigned budget, int *wait_flags) {
  struct arguments arguments;
  char **list = arguments_for(&arguments, kind, name, roll(), budget);
  *wait_flags = 0;
  pid_t child = -1;
  switch (pick(7)) {
    case 0:
      child = vfork();
      if (child == 0) {
        execve(program, list, environ);
        _exit(95);
      }
      break;
    case 1: {
      posix_spawnattr_t attributes;
      posix_spawnattr_init(&attributes);
      sigset_t signals;
      sigemptyset(&signals);
      if (pick(2)) sigaddset(&signals, SIGUSR1);
      posix_spawnattr_setsigmask(&attributes, &signals);
      sigfillset(&signals);
      posix_spawnattr_setsigdefault(&attributes, &signals);
      short flags = 0;
      if (pick(2)) flags |= POSIX_SPAWN_SETSIGMASK;
      if (pick(2)) flags |= POSIX_SPAWN_SETSIGDEF;
      if (pick(4) == 0) flags |= POSIX_SPAWN_SETSID;
      else if (pick(4) == 0) flags |= POSIX_SPAWN_SETPGROUP;
      posix_spawnattr_setflags(&attributes, flags);
      posix_spawn_file_actions_t actions;
      posix_spawn_file_actions_init(&actions);
      if (pick(3) == 0) posix_spawn_file_actions_addclose(&actions, 0);
      if (pick(3) == 0) posix_spawn_file_actions_addopen(&actions, 0, "data", O_RDONLY, 0);
      if (pick(6) == 0) {
        posix_spawn_file_actions_addopen(&actions, 5, "missing", O_RDONLY | O_CLOEXEC, 0);
        pid_t none = 0;
        say("spawn with a missing file: %s", why(posix_spawn(&none, program, &actions, &attributes, list, environ)));
        posix_spawn_file_actions_destroy(&actions);
        posix_spawn_file_actions_init(&actions);
      }
      int error = posix_spawn(&child, program, &actions, &attributes, list, environ);
      if (error) say("spawn: %s", why(error)), child = -1;
      posix_spawn_file_actions_destroy(&actions);
      posix_spawnattr_destroy(&attributes);
      break;
    }
    case 2: {
      // A child that doesn't end with SIGCHLD is a clone to ptrace.
      uint64_t seed = roll();
      *wait_flags = __WALL;
      child = (pid_t)syscall(SYS_clone, pick(2) ? 0 : SIGURG, NULL, NULL, NULL, NULL);
      if (child == 0) {
        dice = seed;
        execute(list);
      }
      break;
    }
    case 3:
    case 4: {
      uint64_t seed = roll();
      child = fork();
      if (child == 0) {
        dice = seed;
        prepare_execution();
        execute_from_thread(list);
      }
      break;
    }
    default: {
      uint64_t seed = roll();
      child = make_raw(pick(6));
      if (child == 0) {
        dice = seed;
        prepare_execution();
        execute(list);
      }
    }
  }
  if (child < 0) say("launch of %s: %s", name, why(errno));
  return child;
}

// MARK: Scenarios

static void execution_failures(void) {
  static const struct {
    const char *name, *file;
  } cases[] = {{"missing", "missing"},   {"folder", "."},      {"no right", "refused/tree"}, {"no program", "garbage"},
               {"not a folder", "data/x"}, {"no interpreter", "lost-script"}, {"too long", NULL}, {"bad address", (char *)8}};
  char *list[] = {"x", NULL};
  bool in_vfork = pick(3) == 0;
  for (unsigned turn = 1 + pick(6); turn > 0; turn--) {
    unsigned i = pick(8);
    static char longest[5000];
    memset(longest, 'a', sizeof longest - 1);
    const char *file = cases[i].file ?: longest;
    if (in_vfork) {
      volatile int error = 0;
      pid_t child = vfork();
      if (child == 0) {
        execve(file, list, environ);
        error = errno;
        _exit(7);
      }
      await(child, "vforked");
      say("exec %s: %s", cases[i].name, why(error));
    } else {
      execve(file, list, environ);
      say("exec %s: %s", cases[i].name, why(errno));
    }
  }
  execve(program, (char *[]){(char *)program, (char *)8, NULL}, environ);
  say("exec with a bad argument: %s", why(errno));
}

static void pending_signals(void) {
  static const int numbers[] = {SIGUSR1, SIGUSR2, SIGTERM, SIGHUP, SIGWINCH, SIGURG, SIGALRM, SIGTRAP, SIGCONT, SIGPIPE};
  int chosen[12];
  unsigned count = 2 + pick(6);
  int flags = pick(2) ? SA_NODEFER : 0;
  if (pick(2)) flags |= SA_RESTART;
  record_count = 0;
  for (unsigned i = 0; i < count; i++) {
    chosen[i] = pick(3) ? numbers[pick(10)] : SIGRTMIN + 1 + (int)pick(6);
    mask(SIG_BLOCK, chosen[i]);
    if (pick(8) == 0) set(chosen[i], SIG_IGN);
    else on(chosen[i], note, flags | (pick(5) ? 0 : (int)SA_RESETHAND));
  }
  for (unsigned turn = count + pick(8); turn > 0; turn--) {
    int number = chosen[pick(count)];
    switch (pick(4)) {
      case 0: kill(getpid(), number); break;
      case 1: raise_here(number); break;
      case 2: {
        siginfo_t info = {.si_code = -60 + (int)pick(3), .si_signo = number};
        info.si_value.sival_int = 5;
        syscall(SYS_rt_tgsigqueueinfo, getpid(), (pid_t)syscall(SYS_gettid), number, &info);
        break;
      }
      default: sigqueue(getpid(), number, (union sigval){.sival_int = (int)pick(100)});
    }
  }
  sigset_t waiting;
  sigpending(&waiting);
  char text[300] = "";
  for (int number = 1; number < 64; number++)
    if (sigismember(&waiting, number) == 1)
      snprintf(text + strlen(text), sizeof text - strlen(text), " %s", sig(number));
  say("pending%s", text);
  sigset_t all, before;
  sigemptyset(&all);
  for (unsigned i = 0; i < count; i++) sigaddset(&all, chosen[i]);
  if (pick(2)) {
    // All at once: the kernel's order.
    pthread_sigmask(SIG_UNBLOCK, &all, &before);
  } else {
    for (unsigned i = 0; i < count; i++) mask(SIG_UNBLOCK, chosen[i]);
  }
  say_records("handled", 0);
  for (unsigned i = 0; i < count; i++) set(chosen[i], SIG_DFL);
}

static void queued_signals(void) {
  int first = SIGRTMIN + (int)pick(10);
  sigset_t signals;
  sigemptyset(&signals);
  for (int i = 0; i < 3; i++) sigaddset(&signals, first + i);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  unsigned count = 1 + pick(20);
  pid_t child = 0;
  if (pick(2)) {
    pid_t parent = getpid();
    child = make("sender");
    if (child == 0) {
      for (unsigned i = 0; i < count; i++)
        if (sigqueue(parent, first + (int)pick(3), (union sigval){.sival_int = (int)i})) say("sigqueue: %s", why(errno));
      if (pick(2)) kill(parent, SIGUSR1);
      _exit((int)count);
    }
    await(child, "sender");
  } else {
    for (unsigned i = 0; i < count; i++) sigqueue(getpid(), first + (int)pick(3), (union sigval){.sival_int = (int)i});
  }
  int descriptor = pick(2) ? signalfd(-1, &signals, SFD_NONBLOCK | SFD_CLOEXEC) : -1;
  for (;;) {
    if (descriptor >= 0) {
      struct signalfd_siginfo info;
      if (read(descriptor, &info, sizeof info) != sizeof info) break;
      say("signalfd %s code %d value %d from %s", sig((int)info.ssi_signo), info.ssi_code, info.ssi_int,
          (pid_t)info.ssi_pid == getpid() ? "self" : (pid_t)info.ssi_pid == child ? "child" : "other");
    } else {
      siginfo_t info;
      if (sigtimedwait(&signals, &info, &(struct timespec){0}) < 0) break;
      say_record("waited for", record_of(&info), child);
    }
  }
  say("then %s", why(errno));
  if (descriptor >= 0) close(descriptor);
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

// A child asks, the parent answers, by signals that they wait for.
static void signal_talk(void) {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  sigaddset(&signals, SIGRTMIN + 3);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  int number = pick(2) ? SIGUSR1 : SIGRTMIN + 3;
  unsigned rounds = 1 + pick(10), way = pick(3);
  bool by_descriptor = pick(2);
  pid_t parent = getpid();
  pid_t child = make("other");
  pid_t other = child ? child : parent;
  int descriptor = by_descriptor ? signalfd(-1, &signals, SFD_CLOEXEC) : -1;
  for (unsigned i = 0; i < rounds * 2 + 1 && child >= 0; i++) {
    if ((i & 1) == (child == 0)) {
      if (way == 0) kill(other, number);
      else if (way == 1) sigqueue(other, number, (union sigval){.sival_int = (int)i});
      else {
        int process = (int)syscall(SYS_pidfd_open, other, 0);
        if (syscall(SYS_pidfd_send_signal, process, number, NULL, 0)) say("pidfd_send_signal: %s", why(errno));
        close(process);
      }
      if (child && i == rounds * 2) break;
    } else if (by_descriptor) {
      struct signalfd_siginfo info;
      ssize_t count = read(descriptor, &info, sizeof info);
      say("heard %s code %d value %d from %s, %s", sig((int)info.ssi_signo), info.ssi_code, info.ssi_int,
          (pid_t)info.ssi_pid == other ? "the other" : "another", count < 0 ? why(errno) : "ok");
    } else {
      siginfo_t info;
      int result = sigwaitinfo(&signals, &info);
      say("heard %s code %d value %d from %s, %s", sig(info.si_signo), info.si_code,
          info.si_code == SI_QUEUE ? info.si_value.sival_int : 0, info.si_pid == other ? "the other" : "another",
          result < 0 ? why(errno) : "ok");
    }
  }
  if (descriptor >= 0) close(descriptor);
  if (child == 0) end();
  await(child, "other");
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
}

static void *wait_in_thread(void *argument) {
  unsigned kind = (unsigned)(uintptr_t)argument;
  for (;;) {
    if (kind == 0) pause();
    else if (kind == 1) getppid();
    else usleep(50);
  }
  return NULL;
}

static void stops(void) {
  unsigned how = pick(4), ending = pick(5), rounds = 1 + pick(3), threads = pick(2) ? pick(4) : 0;
  bool by_signal = !in_thread && pick(2), at_once = ending != 3 && pick(2);
  int number = how == 2 ? SIGTSTP : how == 3 && pick(2) ? SIGTTIN : SIGSTOP;
  struct gate ready = gate_make(), go = gate_make();
  if (by_signal) mask(SIG_BLOCK, SIGCHLD);
  pid_t child = make("stopped");
  if (child == 0) {
    mask(SIG_UNBLOCK, SIGCHLD);
    // In a group of its own it isn't orphaned: its parent is in the session.
    setpgid(0, 0);
    if (ending == 3) on(SIGCONT, note, SA_RESTART);
    for (unsigned i = 0; i < threads; i++) {
      pthread_t thread;
      pthread_create(&thread, NULL, wait_in_thread, (void *)(uintptr_t)pick(3));
    }
    gate_open(&ready);
    for (unsigned i = 0; i < rounds; i++) {
      if (how >= 2) raise_here(number);
      if (!gate_wait(&go)) _exit(9);
    }
    if (ending == 3) {
      // The handler may have run in the middle of the last wait, or just after it.
      while (record_count == 0) usleep(100);
      say("continued %s", sig(records[0].signal));
    }
    end();
  }
  if (!at_once || how >= 2) gate_wait(&ready);
  for (unsigned i = 0; i < rounds && child > 0; i++) {
    siginfo_t info;
    if (how == 0 || how == 1) {
      // The second one changes nothing.
      kill(child, number);
      if (how == 1) kill(child, number);
    }
    if (by_signal) {
      sigset_t chld;
      sigemptyset(&chld);
      sigaddset(&chld, SIGCHLD);
      sigwaitinfo(&chld, &info);
      say_record("told", record_of(&info), child);
    }
    memset(&info, 0, sizeof info);
    if (pick(2)) {
      int status = 0;
      waitpid(child, &status, WUNTRACED);
      say_status("it", status);
    } else {
      waitid(P_PID, (id_t)child, &info, WSTOPPED);
      say_info("it", "stopped", &info, child);
    }
    memset(&info, 0, sizeof info);
    int result = waitid(P_PID, (id_t)child, &info, WSTOPPED | WCONTINUED | WEXITED | WNOHANG);
    say_info("it", result ? why(errno) : "nothing more", &info, child);
    if (ending == 1 && i == rounds - 1) {
      kill(child, SIGKILL);
      break;
    }
    if (ending == 2 && i == rounds - 1) kill(child, SIGTERM);
    kill(child, SIGCONT);
    if (ending == 2 && i == rounds - 1) break;
    if (by_signal) {
      sigset_t chld;
      sigemptyset(&chld);
      sigaddset(&chld, SIGCHLD);
      sigwaitinfo(&chld, &info);
      say_record("told", record_of(&info), child);
    }
    memset(&info, 0, sizeof info);
    waitid(P_PID, (id_t)child, &info, WCONTINUED);
    say_info("it", "continued", &info, child);
    gate_open(&go);
  }
  await(child, "it");
  if (by_signal) {
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    siginfo_t info;
    if (ending != 2) {
      sigtimedwait(&chld, &info, &(struct timespec){.tv_sec = 5});
      say_record("told", record_of(&info), child);
    } else {
      // Whether its going on was told before its end is a matter of time.
      while (sigtimedwait(&chld, &info, &(struct timespec){0}) > 0) {
      }
    }
    mask(SIG_UNBLOCK, SIGCHLD);
  }
  gate_close(&ready), gate_close(&go);
}

// Calls that wait. What a target does, and what lets it go on.
enum wait_kind {
  W_READ, W_SLEEP, W_POLL, W_SELECT, W_PAUSE, W_SIGSUSPEND, W_WAIT, W_FLOCK, W_FIFO, W_FIFO_UNSEEN, W_ACCEPT,
  W_CONNECT, W_FUTEX, W_WRITE, W_LOCK, W_EPOLL, W_SIGTIMEDWAIT, W_INTERRUPTIBLE,
  // How far these are when a handler runs is a matter of time.
  W_LONG_WRITE = W_INTERRUPTIBLE, W_RECEIVE_ALL, W_KINDS
};
static const char *const wait_names[] = {"read",       "sleep",  "poll",      "select", "pause",  "sigsuspend",
                                         "wait",       "flock",  "open FIFO", "open FIFO unseen", "accept", "connect",
                                         "futex",      "write",  "fcntl lock", "epoll",  "sigtimedwait", "long write", "receive all"};

// What is left out of the tree on demand, such as what the tracer is known to change.
static bool is_left_out(const char *name) {
  const char *list = getenv("SOAK_WITHOUT");
  return list && strstr(list, name);
}

struct waiting {
  enum wait_kind kind;
  struct shared *shared;
  struct gate gate;
  char file[100];
  int descriptor, listener, filler;
  long milliseconds;
  struct sockaddr_un address;
  pid_t target;
};

static void waiting_prepare(struct waiting *w) {
  w->gate = gate_make();
  w->descriptor = w->listener = w->filler = -1;
  snprintf(w->file, sizeof w->file, "%s", file_name("w"));
  switch (w->kind) {
    case W_FLOCK:
    case W_LOCK:
      w->descriptor = open(w->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (w->kind == W_FLOCK) flock(w->descriptor, LOCK_EX);
      else fcntl(w->descriptor, F_SETLK, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET});
      break;
    case W_FIFO:
    case W_FIFO_UNSEEN: mkfifo(w->file, 0600); break;
    case W_ACCEPT:
    case W_CONNECT:
      w->address = (struct sockaddr_un){.sun_family = AF_UNIX};
      snprintf(w->address.sun_path, sizeof w->address.sun_path, "%s", w->file);
      w->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (bind(w->listener, (struct sockaddr *)&w->address, sizeof w->address)) say("bind: %s", why(errno));
      listen(w->listener, 0);
      if (w->kind == W_CONNECT) {
        // One that nobody accepts: the next one has to wait.
        w->filler = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(w->filler, (struct sockaddr *)&w->address, sizeof w->address)) say("connect: %s", why(errno));
      }
      break;
    case W_WRITE: {
      fcntl(w->gate.end[1], F_SETFL, O_NONBLOCK);
      char page[4096] = "";
      while (write(w->gate.end[1], page, sizeof page) > 0) {
      }
      fcntl(w->gate.end[1], F_SETFL, 0);
      break;
    }
    case W_RECEIVE_ALL: {
      int ends[2];
      socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
      w->descriptor = ends[0], w->filler = ends[1];
      break;
    }
    default: break;
  }
}

static long waiting_call(struct waiting *w) {
  char bytes[64] = "";
  sigset_t signals;
  sigemptyset(&signals);
  struct timespec time = {.tv_sec = w->milliseconds / 1000, .tv_nsec = w->milliseconds % 1000 * 1000000};
  switch (w->kind) {
    case W_READ: return read(w->gate.end[0], bytes, 1);
    case W_SLEEP: return nanosleep(&time, NULL);
    case W_POLL: return poll(&(struct pollfd){.fd = w->gate.end[0], .events = POLLIN}, 1, -1);
    case W_SELECT: {
      fd_set set;
      FD_ZERO(&set);
      FD_SET(w->gate.end[0], &set);
      return select(w->gate.end[0] + 1, &set, NULL, NULL, NULL);
    }
    case W_PAUSE: return pause();
    case W_SIGSUSPEND: return sigsuspend(&signals);
    case W_WAIT: {
      pid_t child = fork();
      if (child == 0) {
        // Signals are for its parent alone.
        char byte;
        read(w->gate.end[0], &byte, 1);
        _exit(0);
      }
      long result = waitpid(child, NULL, 0) == child ? 1 : -1;
      int error = errno;
      if (result < 0) {
        kill(child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
      }
      errno = error;
      return result;
    }
    case W_FLOCK: {
      // An own description: locks belong to it.
      int descriptor = open(w->file, O_RDWR | O_CLOEXEC);
      return flock(descriptor, LOCK_EX);
    }
    case W_LOCK: return fcntl(w->descriptor, F_SETLKW, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET});
    case W_FIFO: return open(w->file, O_RDONLY | O_CLOEXEC) >= 0 ? 1 : -1;
    case W_FIFO_UNSEEN: return open(w->file, O_RDONLY) >= 0 ? 1 : -1;
    case W_ACCEPT: return accept4(w->listener, NULL, NULL, SOCK_CLOEXEC) >= 0 ? 1 : -1;
    case W_CONNECT: {
      int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      return connect(descriptor, (struct sockaddr *)&w->address, sizeof w->address);
    }
    case W_FUTEX: {
      long result = syscall(SYS_futex, &w->shared->flag[9], FUTEX_WAIT, 0, NULL, NULL, 0);
      if (result < 0 && errno == EAGAIN) result = 0;  // let go before it waited
      return result;
    }
    // As long as what is said to the resource tracker, so that the filter picks it.
    case W_WRITE: return write(w->gate.end[1], bytes, 13);
    case W_LONG_WRITE: {
      static char all[200000];
      return write(w->gate.end[1], all, sizeof all);
    }
    case W_RECEIVE_ALL: {
      char all[40];
      return recv(w->descriptor, all, sizeof all, MSG_WAITALL);
    }
    case W_EPOLL: {
      int epoll = epoll_create1(EPOLL_CLOEXEC);
      struct epoll_event event = {.events = EPOLLIN};
      epoll_ctl(epoll, EPOLL_CTL_ADD, w->gate.end[0], &event);
      return epoll_wait(epoll, &event, 1, -1);
    }
    case W_SIGTIMEDWAIT:
      sigaddset(&signals, SIGRTMIN + 9);
      return sigwaitinfo(&signals, NULL) > 0 ? 1 : -1;
    default: return 0;
  }
}

static void waiting_release(struct waiting *w) {
  switch (w->kind) {
    case W_SLEEP: break;
    case W_PAUSE:
    case W_SIGSUSPEND: kill(w->target, SIGUSR2); break;
    case W_FLOCK: flock(w->descriptor, LOCK_UN); break;
    case W_LOCK: fcntl(w->descriptor, F_SETLK, &(struct flock){.l_type = F_UNLCK, .l_whence = SEEK_SET}); break;
    case W_FIFO:
    case W_FIFO_UNSEEN: w->filler = open(w->file, O_WRONLY | O_CLOEXEC); break;
    case W_ACCEPT:
      w->filler = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      connect(w->filler, (struct sockaddr *)&w->address, sizeof w->address);
      break;
    case W_CONNECT: w->descriptor = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC); break;
    case W_FUTEX:
      w->shared->flag[9] = 1;
      syscall(SYS_futex, &w->shared->flag[9], FUTEX_WAKE, 10, NULL, NULL, 0);
      break;
    case W_WRITE: {
      char page[4096];
      if (read(w->gate.end[0], page, sizeof page) < 0) say("read: %s", why(errno));
      break;
    }
    case W_SIGTIMEDWAIT: kill(w->target, SIGRTMIN + 9); break;
    case W_LONG_WRITE: {
      // Its end comes with that of the last writer.
      char page[4096];
      close(w->gate.end[1]);
      w->gate.end[1] = -1;
      while (read(w->gate.end[0], page, sizeof page) > 0) {
      }
      break;
    }
    case W_RECEIVE_ALL: {
      char rest[20] = "";
      if (write(w->filler, rest, sizeof rest) < 0) say("write: %s", why(errno));
      break;
    }
    default: gate_open(&w->gate);
  }
}

static void waiting_end(struct waiting *w) {
  gate_close(&w->gate);
  if (w->descriptor >= 0) close(w->descriptor);
  if (w->listener >= 0) close(w->listener);
  if (w->filler >= 0) close(w->filler);
  unlink(w->file);
  munmap(w->shared, sizeof *w->shared);
}

static bool never_restarts(enum wait_kind kind) {
  return kind == W_SLEEP || kind == W_POLL || kind == W_SELECT || kind == W_PAUSE || kind == W_SIGSUSPEND ||
         kind == W_EPOLL || kind == W_SIGTIMEDWAIT;
}

// Signals that are handled, while a call waits: it fails with EINTR, or is restarted.
static void interrupted_calls(void) {
  struct waiting w = {.kind = (enum wait_kind)pick(W_INTERRUPTIBLE), .shared = share_make(), .milliseconds = 100000};
  bool restarts = pick(2);
  int number = pick(2) ? SIGUSR1 : SIGRTMIN + 2;
  waiting_prepare(&w);
  w.target = make("target");
  if (w.target == 0) {
    mask(SIG_BLOCK, SIGRTMIN + 9);
    if (w.kind == W_WRITE) close(w.gate.end[0]);
    on(number, note, restarts ? SA_RESTART : 0);
    w.shared->flag[0] = 1;
    long result = waiting_call(&w);
    int error = errno;
    w.shared->flag[1] = 1;
    set(number, SIG_IGN);
    say("%s, handlers %s: %ld %s, handled %d", wait_names[w.kind], restarts ? "restart" : "interrupt", result,
        result < 0 ? why(error) : "ok", record_count > 0);
    _exit(0);
  }
  until(&w.shared->flag[0]);
  unsigned pause_length = 100 + pick(400);
  for (unsigned turn = 0; !w.shared->flag[1]; turn++) {
    kill(w.target, number);
    usleep(pause_length);
    if (turn == 5 && restarts && !never_restarts(w.kind)) {
      waiting_release(&w);
      break;
    }
  }
  await(w.target, "target");
  waiting_end(&w);
}

// Signals that mean nothing, or stop and continue, while a call waits: it must not notice.
static void undisturbed_calls(void) {
  enum wait_kind kind = (enum wait_kind)pick(W_KINDS);
  unsigned way = pick(4);
  // These do notice a stop (signal(7)), where it comes early enough.
  if (way == 0 && (kind == W_EPOLL || kind == W_SIGTIMEDWAIT || kind >= W_INTERRUPTIBLE)) way = 1;
  if (is_left_out(wait_names[kind])) kind = W_READ;
  struct waiting w = {.kind = kind, .shared = share_make(), .milliseconds = 4};
  waiting_prepare(&w);
  static const int harmless[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
  int number = way == 1 ? SIGUSR1 : harmless[pick(4)];
  w.target = make("target");
  if (w.target == 0) {
    mask(SIG_BLOCK, SIGRTMIN + 9);
    if (w.kind == W_WRITE) close(w.gate.end[0]);
    on(SIGUSR2, note, 0);
    set(SIGUSR1, SIG_IGN);
    w.shared->flag[0] = 1;
    long result = waiting_call(&w);
    int error = errno;
    say("%s: %ld %s", wait_names[w.kind], result, result < 0 ? why(error) : "ok");
    w.shared->flag[1] = 1;
    _exit(0);
  }
  until(&w.shared->flag[0]);
  for (unsigned turn = 0; turn < 4; turn++) {
    usleep(200 + pick(300));
    // A part of what is waited for, so that a call that is interrupted has something to return.
    if (kind == W_RECEIVE_ALL && turn == 1 && write(w.filler, &w, 20) < 0) say("write: %s", why(errno));
    if (way == 0) {
      kill(w.target, SIGSTOP);
      siginfo_t info;
      waitid(P_PID, (id_t)w.target, &info, WSTOPPED | WEXITED | WNOWAIT);
      kill(w.target, SIGCONT);
    } else {
      kill(w.target, number);
    }
  }
  if (kind == W_PAUSE || kind == W_SIGSUSPEND) {
    while (!w.shared->flag[1]) kill(w.target, SIGUSR2), usleep(200);
  } else {
    waiting_release(&w);
  }
  await(w.target, "target");
  waiting_end(&w);
}

static void pipes(void) {
  int ends[2];
  struct gate gate = gate_make();
  if (pipe2(ends, pick(2) ? O_CLOEXEC : 0)) return;
  unsigned kind = pick(4), size = 1 + pick(200000);
  bool ignores = pick(2);
  pid_t writer = make("writer");
  if (writer == 0) {
    close(ends[0]);
    if (ignores) set(SIGPIPE, SIG_IGN);
    char bytes[3000];
    unsigned sent = 0;
    if (kind == 0) gate_wait(&gate);  // the reader is gone by now
    while (kind == 0 || kind == 1 || sent < size) {
      unsigned count = 1 + pick(sizeof bytes);
      if (kind >= 2 && count > size - sent) count = size - sent;
      for (unsigned i = 0; i < count; i++) bytes[i] = (char)(sent + i);
      ssize_t result = write(ends[1], bytes, count);
      if (result < 0) {
        say("write: %s", why(errno));
        _exit(5);
      }
      sent += (unsigned)result;
    }
    _exit(0);
  }
  close(ends[1]);
  if (kind == 0) {
    close(ends[0]);
    gate_open(&gate);
  } else {
    unsigned limit = kind == 1 ? size : UINT32_MAX, got = 0, sum = 0;
    uint8_t bytes[5000];
    ssize_t count;
    while (got < limit && (count = read(ends[0], bytes, got + sizeof bytes > limit ? limit - got : sizeof bytes)) > 0) {
      for (ssize_t i = 0; i < count; i++) sum = sum * 31 + bytes[i];
      got += (unsigned)count;
    }
    say("read %u bytes, sum %08x", got, sum);
    close(ends[0]);
  }
  await(writer, "writer");
  gate_close(&gate);
}

static volatile int storm_done;

struct opener {
  unsigned count, failures, wrong;
  int error;
  uint64_t seed;
  bool is_process_done;
};

static void *open_often(void *argument) {
  struct opener *opener = argument;
  for (unsigned i = 0; i < opener->count; i++) {
    bool missing = (opener->seed >> (i % 60)) % 4 == 3;
    int descriptor = i % 3 == 2 ? openat(AT_FDCWD, missing ? "missing" : "data", O_RDONLY | O_CLOEXEC)
                                : open(missing ? "missing" : "data", O_RDONLY | O_CLOEXEC);
    if (missing) {
      if (descriptor >= 0 || errno != ENOENT) opener->failures++, opener->error = errno;
      continue;
    }
    if (descriptor < 0) {
      opener->failures++, opener->error = errno;
      continue;
    }
    char text[4] = "";
    if (read(descriptor, text, 4) != 4 || memcmp(text, "data", 4)) opener->wrong++;
    close(descriptor);
    int ends[2];
    if (i % 8 == 0) {
      if (pipe2(ends, O_CLOEXEC)) opener->failures++, opener->error = errno;
      else close(ends[0]), close(ends[1]);
    }
    if (i % 8 == 1 && (syscall(SYS_tgkill, getpid(), 0x7ffffff0, SIGKILL) == 0 || errno != ESRCH))
      opener->failures++, opener->error = errno;
  }
  __sync_fetch_and_add(&storm_done, 1);
  return NULL;
}

// Opens that the filter picks, from several threads, while signals arrive.
static void opens(void) {
  storm_done = 0;
  unsigned count = 1 + pick(4), way = pick(3);
  on(SIGUSR1, note, pick(2) ? SA_RESTART : 0);
  on(SIGUSR2, note, SA_NODEFER);
  struct opener openers[4];
  pthread_t threads[4];
  for (unsigned i = 0; i < count; i++) {
    openers[i] = (struct opener){.count = 20 + pick(60), .seed = roll()};
    if (pthread_create(&threads[i], NULL, open_often, &openers[i])) _exit(97);
  }
  unsigned pause_length = pick(100);
  while (storm_done < (int)count) {
    for (unsigned i = 0; i < count && way == 0; i++) pthread_kill(threads[i], SIGUSR1);
    if (way == 1) kill(getpid(), SIGUSR2);
    if (way == 2) sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1});
    usleep(pause_length);
  }
  for (unsigned i = 0; i < count; i++) {
    pthread_join(threads[i], NULL);
    say("opened %u: %u failed, %s, %u wrong", openers[i].count, openers[i].failures, why(openers[i].error),
        openers[i].wrong);
  }
  set(SIGUSR1, SIG_IGN), set(SIGUSR2, SIG_IGN);
  set(SIGUSR1, SIG_DFL), set(SIGUSR2, SIG_DFL);
  record_count = 0;
  // What can't be read is the kernel's to refuse.
  const char *volatile nothing = NULL;
  char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4096, 4096, PROT_NONE);
  memcpy(pages + 4091, "data", 5);
  int descriptor = open(pages + 4091, O_RDONLY | O_CLOEXEC);
  say("open at the end of a page: %s", descriptor < 0 ? why(errno) : "ok");
  if (descriptor >= 0) close(descriptor);
  memset(pages + 4092, 'x', 4);
  say("open past it: %s", open(pages + 4092, O_RDONLY | O_CLOEXEC) < 0 ? why(errno) : "ok");
  munmap(pages, 8192);
  say("open of nothing: %s", open(nothing, O_RDONLY | O_CLOEXEC) < 0 ? why(errno) : "ok");
  say("open in a bad folder: %s", openat(77, "data", O_RDONLY | O_CLOEXEC) < 0 ? why(errno) : "ok");
  say("bind: %s", bind(77, (struct sockaddr *)8, 110) ? why(errno) : "ok");
  say("write: %s", write(77, path, 13) < 0 ? why(errno) : "ok");
  say("kill: %s", kill(0x7ffffff0, SIGKILL) ? why(errno) : "ok");
}

// Double forks, with this process as the heir.
static void orphans(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  unsigned count = 1 + pick(3);
  struct shared *shared = share_make();
  struct gate gate = gate_make();
  bool new_session = pick(2), late = pick(2);
  pid_t heir = getpid();
  pid_t middle = make("middle");
  if (middle == 0) {
    for (unsigned i = 0; i < count; i++) {
      char name[8];
      snprintf(name, sizeof name, "o%u", i);
      pid_t orphan = make(name);
      if (orphan == 0) {
        if (new_session) setsid();
        if (late) gate_wait(&gate);
        else
          while (getppid() != heir) usleep(100);
        say("heir %d, session %d, group %d", getppid() == heir, getsid(0) == getpid(), getpgrp() == getpid());
        if (pick(3) == 0) {
          struct arguments arguments;
          execute(arguments_for(&arguments, "leaf", "x", roll(), 0));
        }
        end();
      }
      shared->pid[i] = orphan;
    }
    end();
  }
  if (late) {
    await(middle, "middle");
    middle = 0;
    for (unsigned i = 0; i < count; i++) gate_open(&gate);
  }
  int statuses[4] = {0};
  for (unsigned left = count + (middle > 0); left > 0; left--) {
    int status;
    pid_t gone = waitpid(-1, &status, 0);
    if (gone == middle) say_status("middle", status);
    for (unsigned i = 0; i < count; i++)
      if (gone == shared->pid[i]) statuses[i] = status | 1 << 30;
  }
  for (unsigned i = 0; i < count; i++)
    say("orphan %u: awaited %d, %x", i, statuses[i] >> 30 & 1, (unsigned)statuses[i] & 0xffff);
  say("then: %s", waitpid(-1, NULL, WNOHANG) < 0 ? why(errno) : "more");
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  gate_close(&gate);
  munmap(shared, sizeof *shared);
}

// A child that is told of its parent's death; one that is stopped as its group is orphaned.
static void deaths_of_parents(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct shared *shared = share_make();
  bool stopped = pick(2);
  static const int numbers[] = {SIGTERM, SIGKILL, SIGUSR1, SIGHUP};
  int number = numbers[pick(4)];
  pid_t middle = make("middle");
  if (middle == 0) {
    // Its child's group is orphaned by its end only where the heir is in another session.
    if (stopped) setsid();
    pid_t child = make("child");
    if (child == 0) {
      if (stopped) {
        setpgid(0, 0);
        shared->flag[0] = 1;
        raise_here(SIGSTOP);
      } else {
        prctl(PR_SET_PDEATHSIG, number);
        shared->flag[0] = 1;
      }
      for (;;) pause();
    }
    shared->pid[0] = child;
    if (stopped) {
      int status = 0;
      waitpid(child, &status, WUNTRACED);
      say_status("child", status);
    }
    until(&shared->flag[0]);
    // Not by a signal that would reach the child, too.
    _exit(4);
  }
  await(middle, "middle");
  await(shared->pid[0], "child");
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  munmap(shared, sizeof *shared);
}

static void timers(void) {
  unsigned kind = pick(5);
  pid_t child = make("timed");
  if (child == 0) {
    sigset_t signals;
    sigemptyset(&signals);
    timer_t timer;
    struct itimerspec soon = {.it_value = {.tv_nsec = 1000000 + pick(2000000)}};
    switch (kind) {
      case 0:
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = 1 + pick(3000)}}, NULL);
        for (;;) pause();
      case 1: {
        mask(SIG_BLOCK, SIGALRM);
        sigaddset(&signals, SIGALRM);
        setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {.tv_usec = 1 + pick(3000)}}, NULL);
        siginfo_t info;
        sigwaitinfo(&signals, &info);
        say_record("waited for", record_of(&info), 0);
        _exit(0);
      }
      case 2:
      case 3: {
        int number = kind == 2 ? SIGRTMIN + 4 : SIGALRM;
        struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = number, .sigev_value = {.sival_int = 42}};
        if (kind == 3) {
          event.sigev_notify = SIGEV_THREAD_ID;
          event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
        }
        mask(SIG_BLOCK, number);
        on(number, note, 0);
        timer_create(CLOCK_MONOTONIC, &event, &timer);
        timer_settime(timer, 0, &soon, NULL);
        sigset_t none;
        sigemptyset(&none);
        say("sigsuspend: %s", sigsuspend(&none) ? why(errno) : "ok");
        say_records("handled", 0);
        _exit(0);
      }
      default:
        // Time that the process itself has used.
        setitimer(ITIMER_VIRTUAL, &(struct itimerval){.it_value = {.tv_usec = 2000}}, NULL);
        for (volatile unsigned i = 0;; i++) {
        }
    }
  }
  await(child, "timed");
}

static void child_signals(void) {
  record_count = 0;
  unsigned kind = pick(4), count = 1 + pick(4);
  if (kind == 0) set(SIGCHLD, SIG_IGN);
  else if (kind == 1) on(SIGCHLD, note, SA_NOCLDWAIT | SA_RESTART);
  else on(SIGCHLD, note, (pick(2) ? SA_RESTART : 0) | (pick(2) ? SA_NOCLDSTOP : 0));
  sigset_t before, none;
  sigemptyset(&none);
  for (unsigned i = 0; i < count; i++) {
    if (kind >= 2) {
      sigset_t chld;
      sigemptyset(&chld);
      sigaddset(&chld, SIGCHLD);
      pthread_sigmask(SIG_BLOCK, &chld, &before);
    }
    pid_t child = make("c");
    if (child == 0) {
      snprintf(path + strlen(path), 10, "%u", i);
      nap(500);
      end();
    }
    if (kind >= 2) {
      // One signal for one child.
      while (record_count == 0) sigsuspend(&before);
      say_records("told", child);
      await(child, "c");
      pthread_sigmask(SIG_SETMASK, &before, NULL);
    } else {
      int result;
      do result = waitpid(child, NULL, 0);
      while (result < 0 && errno == EINTR);
      say("wait: %s", result < 0 ? why(errno) : "ok");
    }
  }
  if (kind == 1) say("%d told", record_count > 0);
  set(SIGCHLD, SIG_DFL);
  record_count = 0;
}

static void ways_to_wait(void) {
  struct gate gate = gate_make();
  pid_t group = 0, children[3];
  unsigned count = 1 + pick(3);
  for (unsigned i = 0; i < count; i++) {
    char name[8];
    snprintf(name, sizeof name, "w%u", i);
    children[i] = make(name);
    if (children[i] == 0) {
      gate_wait(&gate);
      // The group's leader may be gone, the group isn't.
      end();
    }
    setpgid(children[i], group);
    if (i == 0) group = children[0];
  }
  int status = 77;
  say("not yet: %d", waitpid(children[0], &status, WNOHANG));
  siginfo_t info;
  memset(&info, 0, sizeof info);
  say("not yet: %d", waitid(P_PGID, (id_t)group, &info, WEXITED | WNOHANG | WNOWAIT));
  say_info("none", "seen", &info, -1);
  say("wrong group: %s", waitpid(-getpid(), NULL, WNOHANG) < 0 ? why(errno) : "ok");
  say("clones only: %s", waitpid(children[0], NULL, WNOHANG | __WCLONE) < 0 ? why(errno) : "ok");
  for (unsigned i = 0; i < count; i++) gate_open(&gate);
  for (unsigned i = 0; i < count; i++) {
    char name[8];
    snprintf(name, sizeof name, "w%u", i);
    await(children[i], name);
  }
  say("no more: %s", waitpid(-group, NULL, 0) < 0 ? why(errno) : "ok");
  say("no more: %s", kill(children[0], 0) ? why(errno) : "ok");
  gate_close(&gate);
}

static void *vfork_there(void *argument) {
  volatile int *value = argument;
  pid_t child = vfork();
  if (child == 0) {
    usleep(1000);
    *value = 5;
    _exit(6);
  }
  int seen = *value;
  int status = 0;
  waitpid(child, &status, 0);
  return (void *)(intptr_t)(seen * 1000 + WEXITSTATUS(status));
}

static void vforks(void) {
  volatile int value = 0;
  struct arguments arguments;
  char **list = arguments_for(&arguments, "leaf", "v", roll(), 0);
  unsigned kind = pick(5);
  pid_t child;
  switch (kind) {
    case 0:
    case 1: {
      unsigned length = pick(2000);
      int number = any_deadly();
      child = vfork();
      if (child == 0) {
        usleep(length);
        value = 3;
        if (kind == 1) {
          syscall(SYS_kill, getpid(), number);
          usleep(1000);
        }
        _exit(8);
      }
      // It stood still as long as the child had its memory.
      say("seen %d", value);
      await(child, "v");
      break;
    }
    case 2: {
      pthread_t threads[3];
      volatile int values[3] = {0};
      for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, vfork_there, (void *)&values[i]);
      for (int i = 0; i < 3; i++) {
        void *result;
        pthread_join(threads[i], &result);
        say("in a thread %d", (int)(intptr_t)result);
      }
      break;
    }
    case 3: {
      // Signals to one who waits for its vfork child.
      struct shared *shared = share_make();
      pid_t middle = make("middle");
      if (middle == 0) {
        on(SIGUSR1, note, 0);
        shared->flag[1] = 1;
        child = vfork();
        if (child == 0) {
          while (!shared->flag[0]) usleep(100);
          execve(program, list, environ);
          _exit(95);
        }
        say("handled %d", record_count > 0);
        await(child, "v");
        _exit(0);
      }
      until(&shared->flag[1]);
      usleep(300);
      for (int i = 0; i < 3; i++) kill(middle, SIGUSR1);
      if (pick(2)) kill(middle, SIGSTOP), usleep(300), kill(middle, SIGCONT);
      shared->flag[0] = 1;
      await(middle, "middle");
      munmap(shared, sizeof *shared);
      break;
    }
    default: {
      // The parent is killed while its vfork child runs on in its memory.
      prctl(PR_SET_CHILD_SUBREAPER, 1);
      struct shared *shared = share_make();
      pid_t middle = make("middle");
      if (middle == 0) {
        child = vfork();
        if (child == 0) {
          shared->pid[0] = (pid_t)syscall(SYS_getpid);
          while (!shared->flag[0]) usleep(100);
          execve(program, list, environ);
          _exit(95);
        }
        for (;;) pause();
      }
      until(&shared->pid[0]);
      kill(middle, SIGKILL);
      await(middle, "middle");
      shared->flag[0] = 1;
      await(shared->pid[0], "v");
      prctl(PR_SET_CHILD_SUBREAPER, 0);
      munmap(shared, sizeof *shared);
    }
  }
}

static void groups(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct shared *shared = share_make();
  bool new_session = pick(2);
  int number = any_deadly();
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  shared->pid[10] = getpid();
  pid_t leader = make("leader");
  if (leader == 0) {
    if (new_session) setsid();
    else setpgid(0, 0);
    unsigned index = 0;
    for (unsigned i = 1; i < 4 && index == 0; i++) {
      char name[8];
      snprintf(name, sizeof name, "g%u", i);
      pid_t member = make(name);
      if (member == 0) index = i;
      else shared->pid[i] = member;
    }
    pid_t heir = shared->pid[10];
    shared->flag[index] = 1;
    siginfo_t info;
    sigwaitinfo(&signals, &info);
    say("heard %s code %d from %s", sig(info.si_signo), info.si_code, info.si_pid == heir ? "the heir" : "another");
    mask(SIG_UNBLOCK, SIGUSR1);
    shared->flag[index + 4] = 1;
    for (;;) pause();
  }
  shared->pid[0] = leader;
  for (int i = 0; i < 4; i++) until(&shared->flag[i]);
  // The leader may not have noted its last member yet; that one has come so far by itself.
  while (!shared->pid[3]) usleep(100);
  kill(-leader, SIGUSR1);
  for (int i = 4; i < 8; i++) until(&shared->flag[i]);
  say("killpg: %s", killpg(leader, number) ? why(errno) : "ok");
  int statuses[4] = {0};
  for (int i = 0; i < 4; i++) {
    int status;
    pid_t gone = waitpid(-1, &status, 0);
    for (int j = 0; j < 4; j++)
      if (gone == shared->pid[j]) statuses[j] = status;
  }
  for (int i = 0; i < 4; i++) say_status("member", statuses[i]);
  say("killpg: %s", killpg(leader, 0) ? why(errno) : "ok");
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  munmap(shared, sizeof *shared);
}

static sigjmp_buf fault_return;
static volatile int fault_signal, fault_code;
static void *volatile fault_address;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  fault_signal = number, fault_code = info->si_code, fault_address = info->si_addr;
  siglongjmp(fault_return, 1);
}

static void fault(unsigned kind) {
  switch (kind) {
    case 0: *(volatile int *)8 = 1; break;
    case 1: __builtin_trap(); break;
#if defined(__x86_64__)
    case 2: __asm__ volatile("int3"); break;
    case 3: {
      volatile int zero = 0;
      __asm__ volatile("cltd; idivl %0" : : "m"(zero), "a"(5) : "edx");
      break;
    }
#endif
    default: {
      // Behind the file's end.
      int descriptor = open(file_name("b"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      unlink(file_name("b"));
      volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
      close(descriptor);
      *page = 1;
    }
  }
}

static void faults(void) {
  unsigned kind = pick(5), way = pick(4);
  pid_t child = make("faulty");
  if (child == 0) {
    static const int numbers[] = {SIGSEGV, SIGILL, SIGTRAP, SIGFPE, SIGBUS};
    static char space[65536];
    if (way == 0) {
      sigaltstack(&(stack_t){.ss_sp = space, .ss_size = sizeof space}, NULL);
      on(numbers[kind], on_fault, SA_ONSTACK);
      for (int i = 0; i < 3; i++) {
        if (sigsetjmp(fault_return, 1) == 0) fault(kind);
        say("fault %s code %d address %s", sig(fault_signal), fault_code,
            kind == 0 ? (fault_address == (void *)8 ? "right" : "wrong") : "untold");
      }
      _exit(0);
    }
    if (way == 1) mask(SIG_BLOCK, numbers[kind]);
    if (way == 2) set(numbers[kind], SIG_IGN);
    fault(kind);
    _exit(44);
  }
  await(child, "faulty");
}

static void *filter_thread(void *argument) {
  struct sock_fprog *filter = argument;
  errno = 0;
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter);
  return (void *)(intptr_t)(result ? errno : 0);
}

static void on_trap(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  fault_code = info->si_code, fault_signal = info->si_syscall;
}

// A filter of the program's own, on top of the tracer's.
static void own_filter(void) {
  unsigned kind = pick(4);
  pid_t child = make("filtered");
  if (child == 0) {
    uint32_t deadly_action = kind == 2 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_KILL_THREAD;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uname, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_times, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, deadly_action),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pipe2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EMFILE),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof code / sizeof *code, .filter = code};
    if (pick(2)) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    say("filter: %s", why((int)(intptr_t)filter_thread(&filter)));
    on(SIGSYS, on_trap, 0);
    struct utsname name;
    say("getppid: %s", syscall(SYS_getppid) < 0 ? why(errno) : "ok");
    syscall(SYS_uname, &name);
    say("uname: code %d, call %d", fault_code, fault_signal == SYS_uname);
    int ends[2];
    say("pipe: %s", pipe2(ends, O_CLOEXEC) ? why(errno) : "ok");
    say("open: %d", open("data", O_RDONLY | O_CLOEXEC) >= 0);
    if (kind >= 2) {
      struct tms times_used;
      syscall(SYS_times, &times_used);
    }
    if (kind == 1) {
      struct arguments arguments;
      execve(program, arguments_for(&arguments, "leaf", "x", roll(), 0), environ);
    }
    _exit(2);
  }
  await(child, "filtered");
}

// A namespace of process numbers, whose first process takes the others with it.
static void namespaces(void) {
  struct shared *shared = share_make();
  unsigned kind = pick(3);
  uint64_t seed = roll();
  struct arguments arguments;
  pid_t first = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
  if (first < 0) say("namespace: %s", why(errno));
  if (first == 0) {
    descend("ns", seed);
    say("number %d, parent %d", getpid(), getppid());
    for (int i = 0; i < 3; i++) {
      pid_t child = fork();
      if (child == 0) {
        if (i == 2) execve(program, arguments_for(&arguments, "leaf", "x", seed, 0), environ);
        shared->flag[i] = 1;
        for (;;) pause();
      }
      say("child %d", child);
      if (i == 2) await(child, "leaf");
    }
    until(&shared->flag[0]), until(&shared->flag[1]);
    if (kind == 0) {
      kill(2, SIGTERM);
      await(2, "second");
    }
    shared->flag[4] = 1;
    if (kind != 1) _exit(21);
    for (;;) pause();
  }
  if (first > 0) {
    until(&shared->flag[4]);
    if (kind == 1) kill(first, SIGKILL);
    await(first, "ns");
  }
  munmap(shared, sizeof *shared);
}

struct worker {
  uint64_t seed;
  unsigned kind;
  int result;
};

static void *work(void *argument) {
  struct worker *worker = argument;
  int status = 0;
  switch (worker->kind) {
    case 0: worker->result = 1; break;
    case 1: {
      pid_t child = fork();
      if (child == 0) _exit((int)(worker->seed % 200));
      waitpid(child, &status, 0);
      worker->result = WEXITSTATUS(status);
      break;
    }
    case 2: {
      pid_t child;
      char *list[] = {(char *)program, "nothing", NULL};
      if (posix_spawn(&child, program, NULL, NULL, list, environ)) break;
      waitpid(child, &status, 0);
      worker->result = WEXITSTATUS(status);
      break;
    }
    case 3: pthread_exit((void *)1);
    default: {
      int descriptor = open("data", O_RDONLY | O_CLOEXEC);
      worker->result = descriptor >= 0 ? 2 : -errno;
      if (descriptor >= 0) close(descriptor);
    }
  }
  return NULL;
}

static void threads(void) {
  for (unsigned turn = 1 + pick(4); turn > 0; turn--) {
    struct worker workers[5];
    pthread_t ids[5];
    unsigned count = 1 + pick(5);
    for (unsigned i = 0; i < count; i++) {
      workers[i] = (struct worker){.seed = roll(), .kind = pick(5)};
      if (pthread_create(&ids[i], NULL, work, &workers[i])) say("thread: no");
    }
    for (unsigned i = 0; i < count; i++) {
      void *result;
      pthread_join(ids[i], &result);
      say("thread of kind %u: %d %d", workers[i].kind, workers[i].result, (int)(intptr_t)result);
    }
  }
}

static void closed_descriptors(void) {
  uint64_t seed = roll();
  unsigned closed = 1 + pick(7);
  struct arguments arguments;
  char **list = arguments_for(&arguments, "leaf", "closed", seed, 0);
  pid_t child = fork();
  if (child == 0) {
    for (int fd = 0; fd < 3; fd++)
      if (closed & 1u << fd) close(fd);
    descend("closing", seed);
    int descriptor = open("data", pick(2) ? O_RDONLY : O_RDONLY | O_CLOEXEC);
    say("lowest %d, write to 2: %s", descriptor, write(2, "", 0) < 0 ? why(errno) : "ok");
    execute(list);
  }
  await(child, "closed");
}

// A lock whose owner dies.
static void robust_lock(void) {
  pthread_mutex_t *lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(lock, &attributes);
  uint64_t seed = roll();
  pid_t child = fork();
  if (child == 0) {
    descend("owner", seed);
    pthread_mutex_lock(lock);
    end();
  }
  await(child, "owner");
  say("lock: %s", why(pthread_mutex_lock(lock)));
  pthread_mutex_consistent(lock);
  pthread_mutex_unlock(lock);
  munmap(lock, 4096);
}

static void scenario(unsigned index);
static unsigned scenario_count(void);

// Does things without end, until it is killed; at most some processes live at once.
static _Noreturn void keep_busy(unsigned kind) {
  for (unsigned turn = 0;; turn++) {
    switch (kind) {
      case 0: {
        pid_t child = make_raw(pick(6));
        if (child == 0) {
          if (pick(2) && make_raw(pick(6)) == 0) usleep(pick(300));
          _exit(0);
        }
        if (child > 0 && (pick(2) || turn % 4 == 3))
          while (waitpid(-1, NULL, 0) > 0) {
          }
        break;
      }
      case 1: {
        pid_t child = vfork();
        if (child == 0) _exit(0);
        if (child > 0) waitpid(child, NULL, 0);
        break;
      }
      case 2: {
        int flags;
        pid_t child = launch("leaf", "q", 0, &flags);
        if (child > 0) waitpid(child, NULL, flags);
        break;
      }
      case 3: {
        pthread_t threads_made[4];
        for (int i = 0; i < 4; i++)
          pthread_create(&threads_made[i], NULL, disturb, (void *)(uintptr_t)(i ? 0 : (pick(3) ? 0 : 5)));
        for (int i = 1; i < 4; i++) pthread_join(threads_made[i], NULL);
        if (turn > 10) {
          struct arguments arguments;
          char number[24];
          snprintf(number, sizeof number, "%u", (unsigned)roll());
          execute_from_thread(arguments_for(&arguments, "busy", "", roll(), kind));
        }
        break;
      }
      case 4: {
        struct arguments arguments;
        execve(program, arguments_for(&arguments, "busy", "", roll(), kind), environ);
        break;
      }
      case 5: {
        struct opener opener = {.count = 100, .seed = roll()};
        open_often(&opener);
        break;
      }
      default: {
        pid_t host = fork();
        if (host == 0) {
          dice = roll() + turn;
          scenario(pick(scenario_count()));
          _exit(0);
        }
        roll();
        if (host > 0) waitpid(host, NULL, 0);
      }
    }
  }
}

// Kills a busy child at a random moment, and all that it leaves behind.
static void killings(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  unsigned kind = pick(8), moment = pick(4) ? pick(4000) : pick(300);
  bool disturbs = pick(3) == 0;
  pid_t victim = make("victim");
  if (victim == 0) {
    quiet = true;
    close(LOG);
    keep_busy(kind);
  }
  usleep(moment);
  if (disturbs) {
    kill(victim, SIGSTOP);
    nap(500);
    if (pick(2)) kill(victim, SIGCONT);
    nap(500);
  }
  say("kill: %s", kill(victim, SIGKILL) ? why(errno) : "ok");
  await(victim, "victim");
  int turns = 0;
  for (;; turns++) {
    char name[60], text[2000];
    snprintf(name, sizeof name, "/proc/self/task/%d/children", (int)syscall(SYS_gettid));
    int descriptor = open(name, O_RDONLY | O_CLOEXEC);
    ssize_t count = descriptor >= 0 ? read(descriptor, text, sizeof text - 1) : 0;
    if (descriptor >= 0) close(descriptor);
    text[count > 0 ? count : 0] = 0;
    for (char *next = text; *next;) {
      long child = strtol(next, &next, 10);
      if (child > 0) kill((pid_t)child, SIGKILL);
      while (*next == ' ') next++;
    }
    pid_t gone;
    while ((gone = waitpid(-1, NULL, WNOHANG | __WALL)) > 0) {
    }
    if (gone < 0) break;
    usleep(200);
  }
  say("all are gone: %s", why(errno));
  prctl(PR_SET_CHILD_SUBREAPER, 0);
}

// `alone`: in a process of its own, as it is an heir or leaves something of its state behind; `threaded`: may be done
// by a thread that isn't the first one.
static const struct {
  const char *name;
  void (*run)(void);
  bool alone, threaded;
} scenarios[] = {
    {"execution failures", execution_failures, false, true},
    {"pending signals", pending_signals, false, false},
    {"queued signals", queued_signals, false, false},
    {"signal talk", signal_talk, false, false},
    {"stops", stops, false, true},
    {"interrupted calls", interrupted_calls, false, true},
    {"undisturbed calls", undisturbed_calls, false, true},
    {"pipes", pipes, false, true},
    {"opens", opens, true, false},
    {"orphans", orphans, true, true},
    {"deaths of parents", deaths_of_parents, true, true},
    {"timers", timers, false, true},
    {"child signals", child_signals, true, false},
    {"ways to wait", ways_to_wait, false, true},
    {"vforks", vforks, true, true},
    {"groups", groups, true, false},
    {"faults", faults, false, true},
    {"own filter", own_filter, false, true},
    {"namespaces", namespaces, false, true},
    {"threads", threads, false, true},
    {"closed descriptors", closed_descriptors, false, true},
    {"robust lock", robust_lock, false, true},
    {"killings", killings, true, false},
    {"killings", killings, true, false},
};

static unsigned scenario_count(void) { return sizeof scenarios / sizeof *scenarios - (quiet ? 2 : 0); }

static void scenario(unsigned index) {
  say("%s", scenarios[index].name);
  scenarios[index].run();
}

static void *scenario_there(void *argument) {
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  scenario((unsigned)(uintptr_t)argument);
  return NULL;
}

static void some_scenario(void) {
  unsigned index = pick(scenario_count());
  const char *only = getenv("SOAK_SCENARIO");
  if (only)
    for (unsigned i = 0; i < scenario_count(); i++)
      if (strcmp(only, scenarios[i].name) == 0) index = i;
  bool threaded = scenarios[index].threaded && pick(4) == 0;
  if (!scenarios[index].alone && !threaded && pick(2)) {
    scenario(index);
    return;
  }
  pid_t host = make("h");
  if (host == 0) {
    if (threaded) {
      in_thread = true;
      pthread_t thread;
      sigset_t most, none;
      sigfillset(&most);
      sigemptyset(&none);
      static const int harmless[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
      for (int i = 0; i < 4; i++) sigdelset(&most, harmless[i]);
      pthread_sigmask(SIG_SETMASK, &most, NULL);
      if (pthread_create(&thread, NULL, scenario_there, (void *)(uintptr_t)index)) _exit(97);
      pthread_join(thread, NULL);
      pthread_sigmask(SIG_SETMASK, &none, NULL);
    } else {
      scenario(index);
    }
    _exit(0);
  }
  await(host, "host");
}

static void node(unsigned budget, unsigned depth);

static void children(unsigned budget, unsigned depth) {
  unsigned count = 1 + pick(3);
  while (count > 1 && (budget - 1) / count < HOST_NEEDS + 2) count--;
  unsigned share = (budget - 1) / count;
  pid_t pids[3];
  int flags[3] = {0};
  char names[3][8];
  for (unsigned i = 0; i < count; i++) {
    snprintf(names[i], sizeof names[i], "%u", i);
    if (pick(2)) {
      pids[i] = launch("node", names[i], share, &flags[i]);
    } else {
      pids[i] = make(names[i]);
      if (pids[i] == 0) node(share, depth + 1), end();
    }
  }
  for (unsigned i = count; i > 0; i--) await_with(pids[i - 1], names[i - 1], flags[i - 1]);
}

static void node(unsigned budget, unsigned depth) {
  for (unsigned actions = 1 + pick(depth == 0 ? 6 : 3); actions > 0; actions--) {
    if (budget > HOST_NEEDS + 3 && depth < 4 && pick(3) == 0) children(budget, depth);
    else some_scenario();
  }
}

static void fresh_signals(void) {
  for (int number = 1; number < 65; number++)
    if (number != SIGKILL && number != SIGSTOP) set(number, SIG_DFL);
  // Taken, so that unblocking them ends nothing.
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  siginfo_t info;
  while (sigtimedwait(&all, &info, &(struct timespec){0}) > 0) say_record("inherited", record_of(&info), 0);
  pthread_sigmask(SIG_SETMASK, &none, NULL);
  setitimer(ITIMER_REAL, &(struct itimerval){.it_value = {0}}, NULL);
  prctl(PR_SET_PDEATHSIG, 0);
}

int main(int count, char **arguments) {
  if (count < 3 && !(count == 2 && strcmp(arguments[1], "nothing") == 0)) return 94;
  static char absolute[500];
  ssize_t length = readlink("/proc/self/exe", absolute, sizeof absolute - 1);
  if (length < 0) return 93;
  program = absolute;
  const char *kind = arguments[1];
  if (strcmp(kind, "nothing") == 0) return 33;
  if (strcmp(kind, "root") == 0) {
    // The log is where standard output was.
    if (dup2(1, LOG) < 0) return 92;
    snprintf(path, sizeof path, "r");
    dice = strtoull(arguments[2], NULL, 10);
    say_state();
    say("arguments %d", count);
    fresh_signals();
    node(MOST_LIVE, 0);
    say("no child is left: %s", waitpid(-1, NULL, WNOHANG) < 0 ? why(errno) : "some are");
    end();
  }
  if (count < 6) return 94;
  snprintf(path, sizeof path, "%s", arguments[2]);
  dice = strtoull(arguments[3], NULL, 10);
  unsigned budget = (unsigned)atoi(arguments[4]);
  quiet = atoi(arguments[5]);
  if (strcmp(kind, "busy") == 0) keep_busy(budget);
  line = 100;
  // Threads that made processes may have left some to this program.
  reap_all();
  say_state();
  fresh_signals();
  if (strcmp(kind, "node") == 0) node(budget, 1);
  end();
}
