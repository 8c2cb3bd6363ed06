// The tree: nodes with children and scenarios, and the program's arguments.
#include "tree.h"

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
      if (pids[i] == 0) node(share, depth + 1), end_somehow();
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
  // Pending signals are removed, so unblocking them has no effect.
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
    // The log is the former standard output.
    if (dup2(1, LOG) < 0) return 92;
    snprintf(path, sizeof path, "r");
    dice = strtoull(arguments[2], NULL, 10);
    say_state();
    say("arguments %d", count);
    fresh_signals();
    node(MOST_LIVE, 0);
    say("no child is left: %s", waitpid(-1, NULL, WNOHANG) < 0 ? why(errno) : "some are");
    end_somehow();
  }
  if (count < 6) return 94;
  snprintf(path, sizeof path, "%s", arguments[2]);
  dice = strtoull(arguments[3], NULL, 10);
  unsigned budget = (unsigned)atoi(arguments[4]);
  quiet = atoi(arguments[5]);
  if (strcmp(kind, "busy") == 0) keep_busy(budget);
  line = 100;
  // Threads that made processes may have left children to this program.
  reap_all();
  say_state();
  fresh_signals();
  if (strcmp(kind, "node") == 0) node(budget, 1);
  end_somehow();
}
