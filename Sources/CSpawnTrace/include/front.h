#ifndef SPAWNTRACE_FRONT_H
#define SPAWNTRACE_FRONT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// A traced run is two processes. The front is the one that was started: the caller waits for it,
// stops it and signals it in the command's place. The tracer is its child, and the command's
// parent. So the front can end when the command does while the tracer stays with the processes that
// the command left running; and if the tracer crashes, another process looks after the tree.
//
// Programs of the tree may stop both. A stopped tracer is continued: by the front at once, by the
// kernel if the front is killed (PR_SET_PDEATHSIG), and in any case by a timer of its own
// (signals.h). The tracer continues a stopped front that is asked to end. A tracer that does not
// receive such a signal in time is killed by the front, and the kernel ends the tree.

/// The kinds of messages between front and tracer (SOCK_SEQPACKET).
enum spawntrace_front_message_kind {
  /// Front to tracer: a signal has come. `number`, `sender` (0: the kernel), `value` if
  /// `is_queued`.
  spawntrace_front_signal = 1,
  /// Tracer to front: a signal of job control, `number`, has stopped the command.
  spawntrace_front_stopped = 2,
  /// Tracer to front: a copy of the notifications' listener comes with this.
  spawntrace_front_listener = 3,
  /// Tracer to front: end with the status `number`.
  spawntrace_front_status = 4,
  /// Tracer to front: die of the signal `number`.
  spawntrace_front_death = 5,
  /// Tracer to front: a signal that asks for the run's end was received.
  spawntrace_front_received = 6,
};

struct spawntrace_front_message {
  int32_t kind;
  int32_t number;
  pid_t sender;
  int32_t is_queued;
  int64_t value;
  /// With a signal: of how many of the command's stops the front had been informed when it came.
  int32_t stops;
  /// With a status or a death: whether the tracer lives on.
  int32_t stays;
};

/// fork(2): returns in the child, which is to trace, with its end of a socketpair(2), or the
/// negative errno if there is no child. It does not return in the process that calls it: that
/// becomes the front, and ends as the tracer says, or as the tracer itself ended. To be called
/// while there is one thread.
int spawntrace_split(void);

/// Receives the next message from the front: 1, 0 if there is none now, -1 if the front is gone.
int spawntrace_front_receive(int front, struct spawntrace_front_message *_Nonnull message);

/// Sends a message to the front, with a descriptor unless that is -1; a front that is gone is no
/// error.
void spawntrace_front_send(int front, const struct spawntrace_front_message *_Nonnull message,
                           int descriptor);

/// Leaves the caller's terminal, session and working directory: the descriptors 0 to 2 lead to
/// /dev/null. The corresponding calls are dup2(2), setsid(2) and chdir(2).
void spawntrace_detach(void);

/// Points the descriptors 0 and 1 to /dev/null: a pipe must break for the program when its last
/// reader or writer goes, and that must not be us.
void spawntrace_release_standard(void);

#endif
