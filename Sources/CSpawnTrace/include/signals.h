#ifndef SPAWNTRACE_SIGNALS_H
#define SPAWNTRACE_SIGNALS_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

// The tracer learns from a descriptor that a tracee has stopped, so that it can wait for that and for
// notifications in one poll(2). What the program inherits stays as it was, but for the mask.

/// Blocks all signals but those that a fault raises, before spawntrace_signals_open does, whose `mask` is
/// then what was there before this.
void spawntrace_signals_block(void);

/// Blocks all signals but those that a fault raises: what is sent to spawntrace is the front's to hear
/// (front.h), and a Ctrl-Z must not stop whoever the program's own stop waits for. Gives SIGCHLD its
/// default action, because the statuses of children are lost where it is ignored. Returns a
/// signalfd(2) of SIGCHLD, close on exec and non-blocking, or the negative errno; `mask` and
/// `child_action` are what was there before.
int spawntrace_signals_open(sigset_t *_Nonnull mask, struct sigaction *_Nonnull child_action);

/// Takes the SIGCHLD away that made the descriptor readable.
void spawntrace_signals_take(int descriptor);

/// All signals but those that a fault of the process itself raises: SIGSEGV, SIGBUS and the like.
void spawntrace_signals_set(sigset_t *_Nonnull set);

/// kill(2): 0 or the errno.
int spawntrace_kill(pid_t process, int signal);

/// sigqueue(3): 0 or the errno.
int spawntrace_queue(pid_t process, int signal, int64_t value);

/// Ends this process by `signal`, as the traced program ended, without a core of our own.
/// Returns only where the signal doesn't end processes.
void spawntrace_die_of(int signal);

#endif
