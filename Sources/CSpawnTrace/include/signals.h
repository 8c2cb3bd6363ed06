#ifndef SPAWNTRACE_SIGNALS_H
#define SPAWNTRACE_SIGNALS_H

#include <signal.h>
#include <stdint.h>
#include <sys/types.h>

// A descriptor announces that a tracee has stopped, so one poll(2) waits for stops and
// notifications. The program inherits our signal settings as they were.

/// Blocks all signals but those that a fault raises. spawntrace_signals_open then returns the mask
/// from before this call.
void spawntrace_signals_block(void);

/// What spawntrace_signals_open returns.
struct spawntrace_signals {
  /// A signalfd(2) of SIGCHLD, SIGTERM and SIGCONT, close on exec and non-blocking, or the negative
  /// errno.
  int descriptor;
  /// The settings from before.
  sigset_t mask;
  struct sigaction child_action;
};

/// Blocks all signals but those that a fault raises: the front receives the signals that are sent
/// to spawntrace (front.h), and a Ctrl-Z must not stop the tracer, which the program's own stop
/// waits for. Gives SIGCHLD its default action, because the statuses of children are lost if it is
/// ignored.
///
/// From the first call on a SIGCONT comes each second. It continues this process if something has
/// stopped it.
struct spawntrace_signals spawntrace_signals_open(void);

/// A signal to this process itself that asks for the run's end.
struct spawntrace_end_request {
  /// 0: none has come.
  int signal;
  /// 0: the kernel.
  pid_t sender;
};

/// Removes the signals that made the descriptor readable.
struct spawntrace_end_request spawntrace_signals_drain(int descriptor);

/// Has the descriptor report SIGINT, SIGHUP and SIGQUIT as SIGTERM, too: the front is gone. What has
/// come of them before is dropped.
void spawntrace_signals_read_all_ends(int descriptor);

/// Sets all signals but those that a fault of the process itself raises: SIGSEGV, SIGBUS and the
/// like.
void spawntrace_signals_set(sigset_t *_Nonnull set);

/// kill(2): 0 or the errno.
int spawntrace_kill(pid_t process, int signal);

/// sigqueue(3): 0 or the errno.
int spawntrace_queue(pid_t process, int signal, int64_t value);

/// Ends this process by `signal`, as the traced program ended, without a core of our own.
/// Returns only if the signal doesn't end processes.
void spawntrace_die_of(int signal);

#endif
