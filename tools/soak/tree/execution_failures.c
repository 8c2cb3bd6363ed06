// Scenarios: executions that fail, and closed standard descriptors.
#include "tree.h"

void execution_failures(void) {
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

void closed_descriptors(void) {
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
