// Executing this program again, in many ways.
#include "tree.h"

const char *program;

char **arguments_for(struct arguments *arguments, const char *kind, const char *name, uint64_t seed,
                            unsigned budget) {
  if (*name) snprintf(arguments->path, sizeof arguments->path, "%.200s.%u%s", path, ++births, name);
  else snprintf(arguments->path, sizeof arguments->path, "%s", path);
  snprintf(arguments->seed, sizeof arguments->seed, "%llu", (unsigned long long)seed);
  snprintf(arguments->budget, sizeof arguments->budget, "%u", budget);
  snprintf(arguments->silent, sizeof arguments->silent, "%d", quiet);
  char *list[8] = {(char *)program, (char *)kind, arguments->path, arguments->seed, arguments->budget,
                   arguments->silent, NULL};
  memcpy(arguments->list, list, sizeof list);
  return arguments->list;
}

// Sets up what a program inherits: blocked, ignored and pending signals, a timer, closed descriptors.
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
  // Each folder before the right one fails in its own way.
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

void execute(char **list) {
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
  // Either of two threads may be first, so both do the same.
  execve(program, execution->list, environ);
  _exit(95);
}

// Keeps another thread busy while one thread executes a program.
void *disturb(void *argument) {
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

_Noreturn void execute_from_thread(char **list) {
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

// Starts this program as another node or leaf, in one of many ways.
pid_t launch(const char *kind, const char *name, unsigned budget, int *wait_flags) {
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
      // For ptrace, a child that doesn't end with SIGCHLD is a clone.
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
