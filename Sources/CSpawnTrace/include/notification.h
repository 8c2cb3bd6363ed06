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

/// ioctl(SECCOMP_IOCTL_NOTIF_ID_VALID): whether the thread still waits. Only then was everything
/// that was read by its id read of it.
bool spawntrace_notification_is_valid(int listener, uint64_t id);

/// ioctl(SECCOMP_IOCTL_NOTIF_SET_FLAGS) with SYNC_WAKE_UP (kernel 6.6): tracer and tracee take
/// turns on one CPU, which makes a notification ten times cheaper. EINVAL if the kernel is older.
int spawntrace_notification_wake_synchronously(int listener);

#endif
