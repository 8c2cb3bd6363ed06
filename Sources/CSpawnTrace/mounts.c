#include "mounts.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

void spawntrace_identity_make(struct spawntrace_identity *identity) {
  snprintf(identity->user, sizeof identity->user, "%u %u 1", geteuid(), geteuid());
  snprintf(identity->group, sizeof identity->group, "%u %u 1", getegid(), getegid());
}

static bool put(const char *path, const char *text) {
  int file = open(path, O_WRONLY | O_CLOEXEC);
  if (file < 0) return false;
  size_t count = strlen(text);
  bool is_written = write(file, text, count) == (ssize_t)count;
  int error = errno;
  close(file);
  errno = error;
  return is_written;
}

int spawntrace_mounts_enter(const struct spawntrace_mount *mounts, size_t count,
                            const struct spawntrace_identity *identity) {
  if (unshare(CLONE_NEWNS)) {
    if (errno != EPERM) return spawntrace_mounts_unshare;
    if (unshare(CLONE_NEWUSER | CLONE_NEWNS)) return spawntrace_mounts_unshare;
    // Without this a process without privileges may not map its group. Kernels before 3.19 don't
    // have the file.
    if (!put("/proc/self/setgroups", "deny") && errno != ENOENT) return spawntrace_mounts_identity;
    if (!put("/proc/self/uid_map", identity->user) || !put("/proc/self/gid_map", identity->group))
      return spawntrace_mounts_identity;
  }
  // Else the mounts would appear in the namespace that this one was copied from.
  if (mount("", "/", NULL, MS_REC | MS_PRIVATE, NULL)) return spawntrace_mounts_mount;
  for (size_t i = 0; i < count; i++)
    if (mount(mounts[i].source, mounts[i].target, NULL, MS_BIND, NULL))
      return spawntrace_mounts_mount;
  return spawntrace_mounts_none;
}
