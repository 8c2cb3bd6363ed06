#ifndef CTESTSUPPORT_H
#define CTESTSUPPORT_H

#include <sys/types.h>

#include "trace.h"

/// What a test starts.
struct ctest_command {
  char *_Nullable const *_Nonnull arguments;
  char *_Nullable const *_Nonnull environment;
  /// nil: this process's own.
  const char *_Nullable directory;
  const char *_Nonnull input;
  const char *_Nonnull output;
  const char *_Nonnull error;
  /// Descriptors to be closed, a bit each: 1 << 0 to 1 << 2.
  unsigned closed;
};

/// posix_spawnp(3) in a process group of its own, with no signal blocked and no descriptor above 2:
/// 0 or the errno.
int ctest_spawn(const struct ctest_command *_Nonnull command, pid_t *_Nonnull process);

/// Waits for the end of a process (pidfd_open(2)) for so many milliseconds: whether it came.
_Bool ctest_wait(pid_t process, int milliseconds);

#endif
