#include "memory.h"

#include <errno.h>
#include <sys/uio.h>

ssize_t spawntrace_read_memory(pid_t process, uint64_t address, void *buffer, size_t size) {
  struct iovec local = {.iov_base = buffer, .iov_len = size};
  struct iovec remote = {.iov_base = (void *)(uintptr_t)address, .iov_len = size};
  ssize_t count = process_vm_readv(process, &local, 1, &remote, 1, 0);
  return count < 0 ? -errno : count;
}

size_t spawntrace_read_pages(pid_t process, const uint64_t *addresses, size_t count, void *buffer) {
  enum { most = 64, page = 4096 };
  struct iovec remote[most];
  if (count > most) count = most;
  for (size_t i = 0; i < count; i++)
    remote[i] = (struct iovec){.iov_base = (void *)(uintptr_t)addresses[i], .iov_len = page};
  struct iovec local = {.iov_base = buffer, .iov_len = count * page};
  ssize_t read = process_vm_readv(process, &local, 1, remote, count, 0);
  return read < 0 ? 0 : (size_t)read / page;
}
