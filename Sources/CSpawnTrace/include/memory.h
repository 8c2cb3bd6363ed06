#ifndef SPAWNTRACE_MEMORY_H
#define SPAWNTRACE_MEMORY_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// process_vm_readv(2) of one range: the number of bytes, or the negative errno.
ssize_t spawntrace_read_memory(pid_t process, uint64_t address, void *_Nonnull buffer, size_t size);

#endif
