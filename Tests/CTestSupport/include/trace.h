#ifndef CTESTSUPPORT_TRACE_H
#define CTESTSUPPORT_TRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

/// A program to trace.
struct ctest_traced {
  char *_Nullable const *_Nonnull arguments;
  char *_Nullable const *_Nonnull environment;
  /// A folder that becomes the program's root, in a mount namespace of its own; nil for none.
  const char *_Nullable root;
  /// Everything is killed after so many milliseconds.
  int milliseconds;
};

/// A stop of a traced thread.
struct ctest_stop {
  pid_t thread;
  /// Its thread group.
  pid_t process;
  /// `status >> 16` of wait(2): PTRACE_EVENT_...; 0 at the delivery of a signal.
  int event;
  int signal;
  /// PTRACE_GETEVENTMSG: a new child's id.
  unsigned long message;
};

enum ctest_answer {
  /// The thread runs on without the signal.
  ctest_answer_continue = 0,
  /// The thread runs on and gets the signal.
  ctest_answer_deliver = 1,
  /// Everything is killed.
  ctest_answer_end = 2,
};

/// Starts a program, seizes it and all that it starts, and calls `answer` at each stop, until all
/// of it is gone. All of that happens on one new thread, because ptrace(2) works for the tracing
/// thread only.
///
/// Returns 0, or an errno; ETIMEDOUT if the time is over.
int ctest_trace(const struct ctest_traced *_Nonnull program,
                int (*_Nonnull answer)(const struct ctest_stop *_Nonnull stop,
                                       void *_Nonnull context),
                void *_Nonnull context);

/// CLOCK_MONOTONIC in nanoseconds.
uint64_t ctest_clock(void);

#endif
