#ifndef SPAWNTRACE_FRONT_H
#define SPAWNTRACE_FRONT_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// A traced run is two processes. The front is the one that was started: whoever started it waits for
// it, stops it and signals it in the command's place. The tracer is its child, and the command's parent.
// So the front can end when the command does while the tracer stays with what the command left
// running; and who looks after the tree if the tracer crashes is somebody else than the tracer.

/// What front and tracer say to each other, a message of its own each (SOCK_SEQPACKET).
enum spawntrace_word_kind {
  /// Front to tracer: a signal has come. `number`, `sender` (0: the kernel), `value` where `is_queued`.
  spawntrace_word_signal = 1,
  /// Tracer to front: a signal of job control, `number`, has stopped the command.
  spawntrace_word_stopped = 2,
  /// Tracer to front: a copy of the notifications' listener comes with this.
  spawntrace_word_listener = 3,
  /// Tracer to front: end with the status `number`.
  spawntrace_word_status = 4,
  /// Tracer to front: die of the signal `number`.
  spawntrace_word_death = 5,
};

struct spawntrace_word {
  int32_t kind;
  int32_t number;
  pid_t sender;
  int32_t is_queued;
  int64_t value;
  /// With a signal: how many of the command's stops the front had been told of when it came.
  int32_t stops;
  /// With a status or a death: whether the tracer lives on.
  int32_t stays;
};

/// fork(2): returns in the child, which is to trace, with its end of a socketpair(2), or the negative
/// errno where there is no child. In the process that calls it nothing returns: it becomes the front,
/// and ends as the tracer says, or as the tracer itself ended. To be called while there is one thread.
int spawntrace_split(void);

/// The next word from the front: 1, 0 where there is none now, -1 where the front is gone.
int spawntrace_front_hear(int front, struct spawntrace_word *_Nonnull word);

/// Says a word to the front, with a descriptor where that isn't -1; a front that is gone is no error.
void spawntrace_front_tell(int front, const struct spawntrace_word *_Nonnull word, int descriptor);

/// Leaves terminal, session and working directory of the caller's: the descriptors 0 to 2 lead to
/// /dev/null. The corresponding calls are dup2(2), setsid(2) and chdir(2).
void spawntrace_detach(void);

/// The descriptors 0 and 1 lead to /dev/null from now on: a pipe is to break for the program when its
/// last reader or writer goes, and that must not be us.
void spawntrace_release_standard(void);

#endif
