#include "late_close.h"

#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct closing {
  int descriptor;
  pid_t parent;
};

// Runs on its parent's memory, beside it: writes only to its own stack, and to errno, which the
// parent doesn't use any more.
static int wait_for_parent(void *argument) {
  const struct closing *closing = argument;
  unsigned kept = (unsigned)closing->descriptor;
  // A reader of our standard error must see its end when the parent ends.
  if (kept > 0) syscall(SYS_close_range, 0, kept - 1, 0);
  syscall(SYS_close_range, kept + 1, UINT_MAX, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  while (getppid() == closing->parent) pause();
  syscall(SYS_exit, 0);
  return 0;
}

void spawntrace_close_after_exit(int descriptor) {
  static _Alignas(16) char stack[8192];
  static struct closing closing;
  closing = (struct closing){.descriptor = descriptor, .parent = getpid()};
  // Without an exit signal: no process needs to learn of its end.
  clone(wait_for_parent, stack + sizeof stack, CLONE_VM, &closing);
}
