// The table of scenarios, and the choice of one.
#include "tree.h"

bool in_thread;

// `alone`: needs a process of its own, because it becomes an heir or changes state for good. `threaded`: may run in a
// thread other than the first.
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

unsigned scenario_count(void) { return sizeof scenarios / sizeof *scenarios - (quiet ? 2 : 0); }

void scenario(unsigned index) {
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

void some_scenario(void) {
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
