#ifndef CTESTSUPPORT_H
#define CTESTSUPPORT_H

#include <sys/types.h>

#include "trace.h"

/// A command to start.
struct ctest_command {
  char *_Nullable const *_Nonnull arguments;
  char *_Nullable const *_Nonnull environment;
  /// NULL means this process's working folder.
  const char *_Nullable directory;
  const char *_Nonnull input;
  const char *_Nonnull output;
  const char *_Nonnull error;
  /// Descriptors to be closed, a bit each: 1 << 0 to 1 << 2.
  unsigned closed;
};

/// posix_spawnp(3) in a new process group, with no signal blocked and no descriptor above 2.
/// Returns 0 or an errno.
int ctest_spawn(const struct ctest_command *_Nonnull command, pid_t *_Nonnull process);

/// Waits for the end of a process (pidfd_open(2)), at most for so many milliseconds. Returns
/// whether it has ended.
_Bool ctest_wait(pid_t process, int milliseconds);

#endif
