#ifndef SPAWNTRACE_SIGNALS_H
#define SPAWNTRACE_SIGNALS_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

// The tracer takes signals from a descriptor, so that it can wait for them and for notifications in
// one poll(2). They are only blocked: what the program inherits stays as it was, but for the mask.

/// Blocks the signals that the tracer hears (SIGCHLD, SIGINT, SIGQUIT, SIGTERM, SIGHUP) and those
/// that must not end or stop it while it writes (SIGPIPE, SIGTTOU); gives SIGCHLD its default action,
/// because the statuses of children are lost where it is ignored. Returns a signalfd(2), close on
/// exec and non-blocking, or the negative errno; `mask` and `child_action` are what was there before.
int spawntrace_signals_open(sigset_t *_Nonnull mask, struct sigaction *_Nonnull child_action);

struct spawntrace_signal {
  int32_t number;
  /// The process that sent it, or 0 where the kernel did (a terminal's Ctrl-C).
  pid_t sender;
};

/// The next signal that came; false where none is left.
_Bool spawntrace_signals_next(int descriptor, struct spawntrace_signal *_Nonnull signal);

/// tgkill or kill(2): 0 or the errno.
int spawntrace_kill(pid_t process, int signal);

/// Ends this process by `signal`, as the traced program ended, without a core of our own.
/// Returns only where the signal doesn't end processes.
void spawntrace_die_of(int signal);

#endif
