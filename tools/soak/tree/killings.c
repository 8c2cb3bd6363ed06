// Scenario: a busy process is killed at a random moment.
#include "tree.h"

// Works without end, until it is killed. Only a few processes live at once.
_Noreturn void keep_busy(unsigned kind) {
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

// Kills a busy child at a random moment, and then all processes that it leaves behind.
void killings(void) {
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
