// Ways in which the processes of a scenario wait for each other, and the names of their files.
#include "tree.h"

struct gate gate_make(void) {
  struct gate gate;
  if (pipe2(gate.end, O_CLOEXEC)) _exit(97);
  return gate;
}

void gate_open(struct gate *gate) {
  while (write(gate->end[1], "g", 1) < 0 && errno == EINTR) {
  }
}

bool gate_wait(struct gate *gate) {
  char byte;
  ssize_t count;
  do count = read(gate->end[0], &byte, 1);
  while (count < 0 && errno == EINTR);
  return count == 1;
}

void gate_close(struct gate *gate) {
  close(gate->end[0]);
  // A long write has closed it already.
  if (gate->end[1] >= 0) close(gate->end[1]);
}

struct shared *share_make(void) {
  struct shared *shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (shared == MAP_FAILED) _exit(97);
  return shared;
}

void until(volatile int *flag) {
  while (!*flag) usleep(100);
}

void nap(unsigned most_microseconds) {
  if (most_microseconds) usleep(pick(most_microseconds));
}

// The name of a file of this run, which contains a hash of the process's path.
char *file_name(const char *kind) {
  static char name[100];
  uint32_t hash = 2166136261;
  for (const char *c = path; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619;
  snprintf(name, sizeof name, "a-file-of-this-run-%s-%08x-%u", kind, hash, line);
  return name;
}
