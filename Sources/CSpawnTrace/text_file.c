#include "text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

// Newer than the headers of some distributions (kernel 6.3).
#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 8U
#endif

static int create(void) {
  unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
  // A kernel that knows the flag may demand it (sysctl vm.memfd_noexec).
  int file = memfd_create("spawntrace", flags | MFD_NOEXEC_SEAL);
  return file < 0 && errno == EINVAL ? memfd_create("spawntrace", flags) : file;
}

static bool fill(int file, const char *bytes, size_t count) {
  while (count > 0) {
    ssize_t written = write(file, bytes, count);
    if (written < 0) return false;
    bytes += written;
    count -= (size_t)written;
  }
  return true;
}

int spawntrace_memory_file(const void *bytes, size_t count, mode_t permissions,
                           int64_t modified, int64_t nanoseconds) {
  int file = create();
  if (file < 0) return -errno;
  struct timespec times[] = {{.tv_nsec = UTIME_OMIT},
                             {.tv_sec = modified, .tv_nsec = nanoseconds}};
  if (!fill(file, bytes, count) || fchmod(file, permissions & 0666) || futimens(file, times) ||
      fcntl(file, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)) {
    int error = errno;
    close(file);
    return -error;
  }
  return file;
}

static bool set_other_time(int file, int64_t unlike) {
  struct stat status;
  if (fstat(file, &status)) return false;
  if (status.st_mtim.tv_sec != unlike) return true;
  struct timespec times[] = {{.tv_nsec = UTIME_OMIT}, {.tv_sec = unlike - 1}};
  return futimens(file, times) == 0;
}

int spawntrace_temporary_file(char *path, const void *bytes, size_t count, mode_t permissions,
                              int64_t unlike) {
  int file = mkostemp(path, O_CLOEXEC);
  if (file < 0) return errno;
  int error = !fill(file, bytes, count) || fchmod(file, permissions) || !set_other_time(file, unlike)
                  ? errno
                  : 0;
  close(file);
  if (error) unlink(path);
  return error;
}

int spawntrace_reopen(int descriptor) {
  char path[32];
  snprintf(path, sizeof path, "/proc/self/fd/%d", descriptor);
  int file = open(path, O_RDONLY | O_CLOEXEC);
  return file < 0 ? -errno : file;
}
