#include "notification.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/ioctl.h>

// Newer than the headers of some distributions (kernel 6.6).
#ifndef SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS SECCOMP_IOW(4, uint64_t)
#endif

// struct seccomp_notif_addfd, which is newer than the headers of some distributions (kernel 5.9;
// the flag 5.14).
struct added {
  uint64_t id;
  uint32_t flags;
  uint32_t source;
  uint32_t number;
  uint32_t number_flags;
};
#define ADD_DESCRIPTOR SECCOMP_IOW(3, struct added)
#define ADD_AND_ANSWER (1U << 1)

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

int spawntrace_notification_fail(int listener, uint64_t id, int error) {
  struct seccomp_notif_resp response = {.id = id, .error = -error};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) ? errno : 0;
}

static int add(int listener, uint64_t id, int descriptor, uint32_t flags, uint32_t number_flags) {
  struct added request = {.id = id,
                          .flags = flags,
                          .source = (uint32_t)descriptor,
                          .number_flags = number_flags};
  return ioctl(listener, ADD_DESCRIPTOR, &request);
}

int spawntrace_notification_answer(int listener, uint64_t id, int descriptor, bool closes_on_exec,
                                   bool in_one_step) {
  uint32_t number_flags = closes_on_exec ? O_CLOEXEC : 0;
  int number = add(listener, id, descriptor, in_one_step ? ADD_AND_ANSWER : 0, number_flags);
  if (number < 0) return errno;
  if (in_one_step) return 0;
  struct seccomp_notif_resp response = {.id = id, .val = number};
  return ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response) ? errno : 0;
}

int spawntrace_notification_can_answer(int listener, bool *in_one_step) {
  // No notification has this id yet. The listener is a descriptor like any other.
  *in_one_step = add(listener, 0, listener, ADD_AND_ANSWER, 0) < 0 && errno == ENOENT;
  if (*in_one_step) return 0;
  if (errno != EINVAL) return errno;
  return add(listener, 0, listener, 0, 0) < 0 && errno != ENOENT ? errno : 0;
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
