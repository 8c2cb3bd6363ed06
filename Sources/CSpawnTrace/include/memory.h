#ifndef SPAWNTRACE_MEMORY_H
#define SPAWNTRACE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// process_vm_readv(2) of one range: the number of bytes, or the negative errno.
ssize_t spawntrace_read_memory(pid_t process, uint64_t address, void *_Nonnull buffer, size_t size);

/// process_vm_readv(2) of whole pages of 4096 bytes, at most 64, one after the other into `buffer`:
/// the number of pages that could be read, from the first one on.
size_t spawntrace_read_pages(pid_t process, const uint64_t *_Nonnull addresses, size_t count,
                             void *_Nonnull buffer);

#endif
