#include "notification.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>

// Newer than the headers of some distributions (kernel 6.6).
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, uint64_t)
#endif

int spawntrace_notification_receive(int listener, struct spawntrace_notification *notification) {
  // The kernel writes its own struct's size, which may have grown since these headers
  // (SECCOMP_GET_NOTIF_SIZES), and wants the buffer zeroed.
  union {
    struct seccomp_notif request;
    char room[512];
  } buffer;
  memset(&buffer, 0, sizeof buffer);
  if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &buffer)) return errno;
  notification->id = buffer.request.id;
  notification->thread = (pid_t)buffer.request.pid;
  notification->system_call = buffer.request.data.nr;
  for (int i = 0; i < 6; i++) notification->arguments[i] = buffer.request.data.args[i];
  return 0;
}

int spawntrace_notification_continue(int listener, uint64_t id) {
  struct seccomp_notif_resp response = {.id = id, .flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) ? errno : 0;
}

bool spawntrace_notification_is_valid(int listener, uint64_t id) {
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_ID_VALID, &id) == 0;
}

int spawntrace_notification_wake_synchronously(int listener) {
  // The flags are the argument itself, not a pointer to them (kernel/seccomp.c,
  // seccomp_notify_ioctl).
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP) ? errno
                                                                                             : 0;
}
