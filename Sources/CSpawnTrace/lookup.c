#include "lookup.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

// A number of its own on no architecture; newer than the headers of some distributions.
#ifndef SYS_openat2
#define SYS_openat2 437
#endif

int spawntrace_find_within(const char *directory, const char *path, uint64_t resolution,
                           bool follows_link) {
  int base = open(directory, O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (base < 0) return -errno;
  struct spawntrace_open_how how = {
      .flags = O_PATH | O_CLOEXEC | (follows_link ? 0 : O_NOFOLLOW), .resolution = resolution};
  int file = (int)syscall(SYS_openat2, base, path, &how, sizeof how);
  int result = file < 0 ? -errno : file;
  close(base);
  return result;
}

int spawntrace_look_up(int folder, const char *name, int flags) {
  return openat(folder, name, O_PATH | O_CLOEXEC | flags);
}

bool spawntrace_is_in_proc(int descriptor) {
  struct statfs status;
  return fstatfs(descriptor, &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}
