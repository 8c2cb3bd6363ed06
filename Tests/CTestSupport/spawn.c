#include "CTestSupport.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/syscall.h>
#include <unistd.h>

int ctest_spawn(const struct ctest_command *command, pid_t *process) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, command->input, O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, command->output, O_WRONLY | O_APPEND, 0);
  posix_spawn_file_actions_addopen(&actions, 2, command->error, O_WRONLY | O_APPEND, 0);
  for (int i = 0; i < 3; i++)
    if (command->closed & 1u << i) posix_spawn_file_actions_addclose(&actions, i);
  posix_spawn_file_actions_addclosefrom_np(&actions, 3);
  if (command->directory) posix_spawn_file_actions_addchdir_np(&actions, command->directory);

  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t none, all;
  sigemptyset(&none);
  sigfillset(&all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  int error = posix_spawnp(process, command->arguments[0], &actions, &attributes,
                           command->arguments, command->environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

_Bool ctest_wait(pid_t process, int milliseconds) {
  struct pollfd entry = {.fd = (int)syscall(SYS_pidfd_open, process, 0), .events = POLLIN};
  int ready = poll(&entry, 1, milliseconds);
  close(entry.fd);
  return ready > 0;
}
