#ifndef SPAWNTRACE_NOTIFICATION_H
#define SPAWNTRACE_NOTIFICATION_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// seccomp_unotify(2). Each function returns 0 or the errno.

/// A system call that waits for the tracer's answer.
struct spawntrace_notification {
  uint64_t id;
  uint64_t arguments[6];
  /// In the tracer's pid namespace.
  pid_t thread;
  int32_t system_call;
};

/// ioctl(SECCOMP_IOCTL_NOTIF_RECV). ENOENT: the thread was killed in between.
int spawntrace_notification_receive(int listener,
                                    struct spawntrace_notification *_Nonnull notification);

/// ioctl(SECCOMP_IOCTL_NOTIF_SEND) with SECCOMP_USER_NOTIF_FLAG_CONTINUE: the kernel goes on with
/// the call as it would have without us. ENOENT: the thread is gone.
int spawntrace_notification_continue(int listener, uint64_t id);

/// ioctl(SECCOMP_IOCTL_NOTIF_SEND) with an errno: the call fails with it and isn't made.
int spawntrace_notification_fail(int listener, uint64_t id, int error);

/// ioctl(SECCOMP_IOCTL_NOTIF_ADDFD): the call returns a new descriptor of the thread's, a copy of
/// this one, and isn't made. If it can't be done in one step, the thread keeps the copy if a signal
/// interrupts it between the two. An errno leaves the call waiting: EMFILE if the thread may have no
/// more descriptors.
int spawntrace_notification_answer(int listener, uint64_t id, int descriptor, bool closes_on_exec,
                                   bool in_one_step);

/// Whether `spawntrace_notification_answer` is possible: 0, or EINVAL (a kernel before 5.9), or the
/// errno with which another filter refuses it. In one step it is possible from kernel 5.14 on.
/// To be called before the first call waits.
int spawntrace_notification_can_answer(int listener, bool *_Nonnull in_one_step);

/// ioctl(SECCOMP_IOCTL_NOTIF_ID_VALID): whether the thread still waits. Only then was everything
/// that was read by its id read of it.
bool spawntrace_notification_is_valid(int listener, uint64_t id);

/// ioctl(SECCOMP_IOCTL_NOTIF_SET_FLAGS) with SYNC_WAKE_UP (kernel 6.6): tracer and tracee take
/// turns on one CPU, which makes a notification ten times cheaper. EINVAL if the kernel is older.
int spawntrace_notification_wake_synchronously(int listener);

#endif
