#ifndef SPAWNTRACE_MOUNTS_H
#define SPAWNTRACE_MOUNTS_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// A file that is to be seen in another one's place.
struct spawntrace_mount {
  const char *_Nonnull source;
  const char *_Nonnull target;
};

/// The user and the group of a process as files of /proc want them, each mapped to itself
/// (user_namespaces(7)). Made before a fork.
struct spawntrace_identity {
  char user[32];
  char group[32];
};

void spawntrace_identity_make(struct spawntrace_identity *_Nonnull identity);

/// The step at which `spawntrace_mounts_enter` failed.
enum spawntrace_mounts_step {
  spawntrace_mounts_none = 0,
  spawntrace_mounts_unshare = 1,
  /// /proc/self/uid_map and its kin could not be written.
  spawntrace_mounts_identity = 2,
  spawntrace_mounts_mount = 3,
};

/// Gives this process a mount namespace of its own, in which the mounts are made; if that takes
/// privileges, in a user namespace of its own in which it has the same user and group
/// (mount_namespaces(7)). Calls only what is safe after a fork. Returns the step that failed, with
/// errno set, or 0.
int spawntrace_mounts_enter(const struct spawntrace_mount *_Nonnull mounts, size_t count,
                            const struct spawntrace_identity *_Nonnull identity);

#endif
