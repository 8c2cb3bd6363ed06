#ifndef SPAWNTRACE_PROCESS_H
#define SPAWNTRACE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

/// The arguments that this process was given. Swift's `CommandLine` reads them from /proc.
int spawntrace_argument_count(void);
char *_Nullable *_Nonnull spawntrace_arguments(void);

/// Whether a process has a thread, even a zombie: tgkill(2) with signal 0.
bool spawntrace_has_thread(pid_t process, pid_t thread);

/// Whether a proc filesystem is mounted at /proc, of whichever namespace: statfs(2).
bool spawntrace_has_proc(void);

#endif
