// A program that does random hostile things to itself: see ../live.py, which compiles it, both as a
// program (hostile SEED MILLISECONDS [DEPTH]) and as a library for Python (hostile_act).
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Whether CLONE_UNTRACED is among the flags: no tracer sees a process that is made with it.
#ifndef UNTRACED
#define UNTRACED 0
#endif

enum { PIDS = 32, MOST_PROCESSES = 150, MOST_DEPTH = 8, CHILD_STACK = 1 << 16 };

// Shared by all processes of a round that came by fork.
static struct {
  uint64_t deadline;
  int processes;
  pid_t root, pids[PIDS];
} *shared;

static _Thread_local uint64_t state;
static uint64_t milliseconds;
static int depth;
static char **arguments;
static char path_of_self[4096];

static uint64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (uint64_t)time.tv_sec * 1000 + (uint64_t)time.tv_nsec / 1000000;
}

static uint64_t word(void) {
  state ^= state << 13;
  state ^= state >> 7;
  return state ^= state << 17;
}

static unsigned below(unsigned count) { return (unsigned)(word() >> 20) % count; }
static int one_in(unsigned count) { return below(count) == 0; }
static void nap(unsigned microseconds) {
  struct timespec time = {0, (long)microseconds * 1000};
  nanosleep(&time, NULL);
}

static int is_over(void) { return now() >= shared->deadline; }
static int may_start(void) {
  return __atomic_add_fetch(&shared->processes, 1, __ATOMIC_RELAXED) < MOST_PROCESSES && !is_over();
}

static void act(void);
static void handle(int signal) { (void)signal; }

_Noreturn static void leave(void) {
  static const int statuses[] = {0, 0, 1, 3, 42, 112, 124, 255};
  _exit(statuses[below(8)]);
}

static void begin(uint64_t seed) {
  state = seed * 0x9e3779b97f4a7c15 + 1;
  shared->pids[below(PIDS)] = getpid();
}

_Noreturn static void live(uint64_t seed) {
  begin(seed);
  depth++;
  for (unsigned count = 1 + below(12); count > 0 && !is_over(); count--) act();
  if (one_in(8)) {
    // Left behind when the others end.
    while (!is_over()) nap(20000);
    if (one_in(3)) for (;;) pause();
  }
  leave();
}

static pid_t forked(void) {
  if (!may_start()) return -1;
  uint64_t seed = word();
  pid_t pid = fork();
  if (pid == 0) live(seed);
  return pid;
}

static void exec_self(const char *program) {
  char seed[32], time[32], level[32];
  uint64_t rest = shared->deadline > now() ? shared->deadline - now() : 1;
  snprintf(seed, sizeof seed, "%llu", (unsigned long long)word());
  snprintf(time, sizeof time, "%llu", (unsigned long long)rest);
  snprintf(level, sizeof level, "%d", depth + 1);
  char *words[] = {one_in(3) ? "\x1b[2J::error::x\n" : "hostile", seed, time, level, NULL};
  char *none[] = {NULL};
  if (depth > MOST_DEPTH) leave();
  if (one_in(2)) {
    execve(program, words, environ);
  } else {
    int file = open(program, O_PATH);
    syscall(SYS_execveat, file, "", words, one_in(2) ? none : environ, AT_EMPTY_PATH);
  }
}

static int child_of_clone(void *seed) { live((uint64_t)(uintptr_t)seed); }

// Runs on the memory of another process: does little.
static int child_on_memory(void *seed) {
  uint64_t random = (uint64_t)(uintptr_t)seed;
  if (random & 1) nap(random % 5000);
  if (random & 2) kill(getpid(), random & 4 ? SIGKILL : SIGSTOP);
  if (random & 8) {
    char *words[] = {"true", NULL};
    execve("/bin/true", words, NULL);
  }
  syscall(SYS_exit, 0);
  return 0;
}

static void clone_oddly(void) {
  static const int flags[] = {0, CLONE_PARENT, CLONE_FILES, CLONE_FS, UNTRACED, CLONE_PTRACE,
                              CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNS, CLONE_IO, CLONE_NEWIPC,
                              CLONE_SIGHAND | CLONE_VM, CLONE_VM, CLONE_VM | CLONE_VFORK,
                              CLONE_VM | CLONE_PARENT, CLONE_VM | UNTRACED};
  int chosen = flags[below(16)] | (one_in(4) ? flags[below(5)] : 0);
  int signal = one_in(3) ? 0 : one_in(4) ? SIGUSR1 : SIGCHLD;
  if (chosen & CLONE_PARENT && getpid() == shared->root) return;
  if (!may_start()) return;
  void *seed = (void *)(uintptr_t)word();
  if (!(chosen & CLONE_VM)) {
    if (syscall(SYS_clone, (long)(chosen | signal), 0, 0, 0, 0) == 0) child_of_clone(seed);
    return;
  }
  char *stack = mmap(NULL, CHILD_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (stack != MAP_FAILED) clone(child_on_memory, stack + CHILD_STACK, chosen | signal, seed);
}

static void *thread(void *seed) {
  state = (uint64_t)(uintptr_t)seed | 1;
  char name[16];
  for (unsigned i = 0; i < 15; i++) name[i] = (char)(1 + below(255));
  name[15] = 0;
  prctl(PR_SET_NAME, name);
  for (unsigned count = below(6); count > 0 && !is_over(); count--) act();
  // Never ends the root, whose end is that of the round.
  if (getpid() != shared->root) {
    if (one_in(6)) exec_self(path_of_self);
    if (one_in(6)) leave();
  }
  return NULL;
}

static void start_thread(void) {
  pthread_t started;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  if (may_start()) pthread_create(&started, &attributes, thread, (void *)(uintptr_t)word());
}

static void filter(void) {
  static const unsigned calls[] = {SYS_openat, SYS_write, SYS_getpid, SYS_clone, SYS_execve,
                                   SYS_wait4, SYS_ptrace, SYS_seccomp, SYS_close};
  static const unsigned results[] = {SECCOMP_RET_ALLOW, SECCOMP_RET_LOG, SECCOMP_RET_ERRNO | EPERM,
                                     SECCOMP_RET_ERRNO, SECCOMP_RET_TRACE | 7, SECCOMP_RET_TRAP,
                                     SECCOMP_RET_KILL_THREAD, SECCOMP_RET_KILL_PROCESS,
                                     SECCOMP_RET_USER_NOTIF};
  struct sock_filter code[] = {
      BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0),
      BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, calls[below(9)], 0, 1),
      BPF_STMT(BPF_RET | BPF_K, results[below(9)]),
      BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
  };
  struct sock_fprog program = {4, code};
  static const unsigned flags[] = {0, SECCOMP_FILTER_FLAG_TSYNC, SECCOMP_FILTER_FLAG_NEW_LISTENER,
                                   SECCOMP_FILTER_FLAG_LOG, 1u << 31};
  if (one_in(2)) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags[below(5)], &program);
}

// A page of any of its mappings.
static char *some_page(void) {
  FILE *maps = fopen("/proc/self/maps", "re");
  if (!maps) return NULL;
  unsigned long start, end, chosen = 0;
  char line[5000];
  unsigned count = 0;
  while (fgets(line, sizeof line, maps))
    if (sscanf(line, "%lx-%lx", &start, &end) == 2 && one_in(++count))
      chosen = start + below((unsigned)((end - start) >> 12)) * 4096ul;
  fclose(maps);
  return (char *)chosen;
}

static void damage_memory(void) {
  static const int protections[] = {PROT_NONE, PROT_READ, PROT_WRITE, PROT_READ | PROT_EXEC};
  for (unsigned count = 1 + below(4); count > 0; count--) {
    char *page = some_page();
    if (one_in(2)) mprotect(page, 4096u << below(8), protections[below(4)]);
    else if (one_in(3)) munmap(page, 4096u << below(4));
    else if (one_in(3)) mmap(page, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    else madvise(page, 4096, one_in(2) ? MADV_DONTNEED : MADV_DONTFORK);
  }
}

static void limit(void) {
  static const int which[] = {RLIMIT_NOFILE, RLIMIT_AS, RLIMIT_STACK, RLIMIT_CPU, RLIMIT_FSIZE,
                              RLIMIT_NPROC, RLIMIT_CORE, RLIMIT_DATA, RLIMIT_SIGPENDING};
  static const rlim_t values[] = {0, 1, 4096, 1 << 20, RLIM_INFINITY, (rlim_t)1 << 62};
  struct rlimit limit = {values[below(6)], RLIM_INFINITY};
  if (one_in(3)) limit.rlim_max = limit.rlim_cur;
  setrlimit(which[below(9)], &limit);
}

static void open_badly(void) {
  static const char *paths[] = {
      "popen_spawn_posix.py", "./\x1b]0;x\a/popen_spawn_posix.py", "::error::/popen_fork.py",
      "loop/popen_forkserver.py", "fifo", "multiprocessing/spawn.py", "", "gone/../popen_spawn_posix.py",
      "/dev/null/popen_spawn_posix.py", "/proc/self/root/popen_spawn_posix.py"};
  static const int flags[] = {O_RDONLY | O_NONBLOCK, O_PATH, O_RDWR | O_CREAT | O_NONBLOCK, O_DIRECTORY};
  uintptr_t address = one_in(2) ? (uintptr_t)word() : one_in(2) ? below(4096) : (uintptr_t)some_page() + 4090;
  int file = (int)syscall(SYS_openat, AT_FDCWD, one_in(3) ? (const char *)address : paths[below(10)],
                          flags[below(4)], 0600);
  if (file > 2 && one_in(2)) close(file);
  if (one_in(4)) syscall(SYS_execve, (const char *)address, (char **)address, (char **)(uintptr_t)word());
  // A text without an end.
  if (one_in(4)) {
    char *page = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (page == MAP_FAILED) return;
    memset(page, 'a', 8192);
    syscall(SYS_openat, AT_FDCWD, page, O_RDONLY);
    syscall(SYS_execve, page, NULL, NULL);
  }
}

static void scribble(void) {
  for (unsigned count = below(200); count > 0; count--) {
    char **list = one_in(2) ? arguments : environ;
    if (!list || !list[0]) return;
    char *text = list[0];
    text[below(64)] = (char)word();
  }
  if (one_in(3)) prctl(PR_SET_MM, PR_SET_MM_ARG_START, one_in(2) ? word() : (uintptr_t)some_page(), 0, 0);
  if (one_in(3)) prctl(PR_SET_MM, PR_SET_MM_ENV_END, (uintptr_t)some_page(), 0, 0);
}

static void stop_and_go(void) {
  pid_t pid = one_in(2) ? getpid() : shared->pids[below(PIDS)];
  if (pid <= 1 || (pid == shared->root && !one_in(8))) return;
  pid_t helper = fork();
  if (helper == 0) {
    nap(below(8000));
    for (int i = 0; i < 3; i++) {
      kill(pid, SIGCONT);
      nap(below(3000));
    }
    _exit(0);
  }
  if (helper > 0) kill(pid, one_in(4) ? SIGTSTP : SIGSTOP);
}

static void trace(void) {
  if (one_in(2)) {
    ptrace(PTRACE_TRACEME, 0, 0, 0);
    return;
  }
  pid_t pid = forked();
  if (pid <= 0) return;
  ptrace(one_in(2) ? PTRACE_SEIZE : PTRACE_ATTACH, pid, 0, 0);
  int status;
  waitpid(pid, &status, WNOHANG | __WALL);
  if (one_in(2)) ptrace(PTRACE_DETACH, pid, 0, 0);
}

static void rename_things(void) {
  static const char *names[] = {"script.py", "popen_spawn_posix.py", "other", "run", "hostile"};
  const char *one = names[below(5)], *two = names[below(5)];
  if (one_in(2)) rename(one, two);
  else if (one_in(2)) symlink(one, two);
  else link(one, two);
}

// What the process would hardly survive: done in a process of its own.
static void hurt(void) {
  switch (below(14)) {
    case 0: case 1: damage_memory(); break;
    case 2: limit(); break;
    case 3: filter(); break;
    case 4: close_range(below(4), ~0u, one_in(2) ? 4u : 0); break;
    case 5: unshare((int[]){CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNS, CLONE_FS, CLONE_FILES}[below(5)]); break;
    case 6: chroot(one_in(2) ? "." : "hostile-root"); break;
    case 7: if (setresuid(1, 1, 1)) return; break;
    case 8: trace(); break;
    case 9: scribble(); break;
    case 10: syscall(SYS_set_tid_address, word()); syscall(SYS_set_robust_list, word(), 24); break;
    case 11: raise((int)(1 + below(64))); break;
    case 12: *(volatile char *)(uintptr_t)below(4096) = 1; break;
    case 13: syscall(SYS_exit, 7); break;  // The thread alone.
  }
}

static void act(void) {
  int status;
  switch (below(22)) {
    case 0: case 1: forked(); break;
    case 2:
      if (may_start()) {
        pid_t pid = vfork();
        if (pid == 0) {
          if (one_in(2)) exec_self(path_of_self);
          _exit(0);
        }
      }
      break;
    case 3: case 4: clone_oddly(); break;
    case 5: start_thread(); break;
    case 6: {
      sigset_t set;
      sigemptyset(&set);
      for (unsigned count = below(6); count > 0; count--) sigaddset(&set, (int)(1 + below(64)));
      sigprocmask((int)below(3), &set, NULL);
      break;
    }
    case 7: signal((int)(1 + below(64)), one_in(2) ? SIG_IGN : handle); break;
    case 8: {
      int number = (int)(1 + below(64));
      signal(number, handle);
      raise(number == SIGKILL || number == SIGSTOP ? SIGUSR1 : number);
      break;
    }
    case 9: stop_and_go(); break;
    case 10: prctl(PR_SET_DUMPABLE, below(2)); break;
    case 11: prctl(PR_SET_PDEATHSIG, one_in(2) ? SIGKILL : SIGSTOP); break;
    case 12: if (one_in(2)) setsid(); else setpgid(0, 0); break;
    case 13: open_badly(); break;
    case 14: rename_things(); break;
    case 15: case 16: case 17:
      if (getpid() != shared->root) {
        hurt();
      } else if (may_start()) {
        uint64_t seed = word();
        if (fork() == 0) {
          begin(seed);
          hurt();
          live(seed);
        }
      }
      break;
    case 18: while (waitpid(-1, &status, WNOHANG | (one_in(2) ? __WALL : 0)) > 0) {} break;
    case 19: if (getpid() != shared->root && one_in(3)) exec_self(path_of_self); break;
    case 20: {
      pid_t pid = shared->pids[below(PIDS)];
      if (pid > 1 && pid != shared->root && one_in(2)) kill(pid, (int)(1 + below(64)));
      break;
    }
    case 21: if (getpid() != shared->root && one_in(4)) leave(); break;
  }
  nap(below(2000));
}

static int prepare(uint64_t seed, uint64_t time) {
  shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) return -1;
  ssize_t count = readlink("/proc/self/exe", path_of_self, sizeof path_of_self - 1);
  if (count > 0) path_of_self[count] = 0;
  milliseconds = time;
  shared->deadline = now() + time;
  shared->root = getpid();
  begin(seed);
  return 0;
}

// For Python: acts for some time beside the interpreter, in the calling thread.
int hostile_act(uint64_t seed, uint64_t time) {
  if (prepare(seed, time)) return -1;
  snprintf(path_of_self, sizeof path_of_self, "./hostile");
  while (!is_over()) act();
  return 0;
}

int main(int count, char **words) {
  if (count < 3) return 2;
  arguments = words;
  depth = count > 3 ? atoi(words[3]) : 0;
  if (prepare(strtoull(words[1], NULL, 10), strtoull(words[2], NULL, 10))) return 2;
  // One that was executed by another is none that the round waits for.
  if (count > 3) live(state);
  while (!is_over()) act();
  // Not a status that spawntrace has, too.
  _exit(one_in(2) ? 0 : 3);
}
