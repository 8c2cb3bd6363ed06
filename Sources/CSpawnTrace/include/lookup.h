#ifndef SPAWNTRACE_LOOKUP_H
#define SPAWNTRACE_LOOKUP_H

#include <stdbool.h>
#include <stdint.h>

/// The flags and the resolution of an openat2(2); `struct open_how` is newer than the headers of
/// some distributions (kernel 5.6).
struct spawntrace_open_how {
  uint64_t flags;
  uint64_t mode;
  uint64_t resolution;
};

/// Finds a file below `directory` as openat2(2) does with these RESOLVE_ flags, which restrict the
/// way there. Returns a descriptor with O_PATH that is closed on exec, or the negative errno.
int spawntrace_find_within(const char *_Nonnull directory, const char *_Nonnull path,
                           uint64_t resolution, bool follows_link);

/// Calls openat(2) with O_PATH and O_CLOEXEC added to the flags.
int spawntrace_look_up(int folder, const char *_Nonnull name, int flags);

/// Whether a file, or a link that was opened itself, is one of proc(5).
bool spawntrace_is_in_proc(int descriptor);

#endif
