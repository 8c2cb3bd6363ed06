#ifndef SPAWNTRACE_MESSAGE_H
#define SPAWNTRACE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

// One message with at most one descriptor over a socket of the family AF_UNIX (unix(7),
// SCM_RIGHTS).

/// sendmsg(2), without SIGPIPE; `descriptor` is sent along unless it is -1.
bool spawntrace_message_send(int socket, const void *_Nonnull bytes, size_t count, int descriptor);

/// recvmsg(2) with `flags`: the number of bytes, 0 if the other end is closed, or -1 with errno
/// set. `descriptor` is -1 if none came; one that came is closed on exec.
ssize_t spawntrace_message_receive(int socket, void *_Nonnull bytes, size_t count,
                                   int *_Nonnull descriptor, int flags);

#endif
