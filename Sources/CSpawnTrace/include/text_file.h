#ifndef SPAWNTRACE_TEXT_FILE_H
#define SPAWNTRACE_TEXT_FILE_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/// memfd_create(2): a file with these bytes that nothing can change any more, with the permissions
/// and the modification time that are given (since 1970); it can't be executed. Returns a descriptor that is
/// closed on exec, or the negative errno.
int spawntrace_memory_file(const void *_Nullable bytes, size_t count, mode_t permissions,
                           int64_t modified, int64_t nanoseconds);

/// Writes a file with these bytes and permissions, and a time of modification outside of the second
/// `unlike`. `path` ends in XXXXXX, as mkstemp(3) wants it, and gets the file's name. Returns 0 or
/// the errno, and then there is no file.
int spawntrace_temporary_file(char *_Nonnull path, const void *_Nullable bytes, size_t count,
                              mode_t permissions, int64_t unlike);

/// Opens the file of a descriptor again, to read: open(2) of /proc/self/fd/N. Returns a descriptor
/// that is closed on exec and has a position of its own, or the negative errno.
int spawntrace_reopen(int descriptor);

#endif
