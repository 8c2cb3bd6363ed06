#include "front.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "message.h"
#include "signals.h"

// Our own failure, by the contract.
enum { failure = 125 };

// How long the kernel is given to end the tree of a tracer that is gone, in milliseconds.
enum { patience = 2000 };

// How long the tracer may take to receive a signal that asks for the run's end, in milliseconds. It
// receives signals between two stops, so a tracer that takes longer stands still: something stops
// it again and again, or it writes to a pipe that no process reads.
enum { answer_patience = 5000 };

struct front {
  int socket;
  int signals;
  pid_t tracer;
  // Copies of the filters' listeners: while a process holds them, no call fails with ENOSYS.
  struct pollfd *listeners;
  nfds_t listener_count;
  // Of how many of the command's stops the tracer has informed the front.
  int32_t stops;
  // Whether a SIGCONT has come since the last of them.
  bool continued;
  // The signal that asks for the run's end and that the tracer has not received yet; 0 if there is
  // none. And how long it may take.
  int unanswered;
  int64_t answer_due;
};

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000 + time.tv_nsec / 1000000;
}

static void release(int first, int last) {
  int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (int descriptor = first; nowhere >= 0 && descriptor <= last; descriptor++)
    if (descriptor != nowhere) dup3(nowhere, descriptor, O_CLOEXEC);
  if (nowhere > last) close(nowhere);
}

void spawntrace_release_standard(void) {
  release(0, 1);
}

void spawntrace_detach(void) {
  release(0, 2);
  setsid();  // a child of the front doesn't lead its group
  if (chdir("/")) return;
}

static bool is_stop(int signal) {
  return signal == SIGTSTP || signal == SIGTTIN || signal == SIGTTOU || signal == SIGSTOP;
}

static bool asks_for_end(int signal) {
  return signal == SIGTERM || signal == SIGINT || signal == SIGHUP || signal == SIGQUIT;
}

// Passes signals on to the tracer.
static void receive_signals(struct front *front) {
  struct signalfd_siginfo info;
  while (read(front->signals, &info, sizeof info) == (ssize_t)sizeof info) {
    int signal = (int)info.ssi_signo;
    if (signal == SIGCHLD) continue;
    if (signal == SIGCONT) front->continued = true;
    if (asks_for_end(signal) && !front->unanswered) {
      front->unanswered = signal;
      front->answer_due = now() + answer_patience;
    }
    bool sent = info.ssi_code == SI_USER || info.ssi_code == SI_QUEUE || info.ssi_code == SI_TKILL;
    struct spawntrace_front_message message = {
        .kind = spawntrace_front_signal,
        .number = signal,
        .sender = sent ? (pid_t)info.ssi_pid : 0,
        .is_queued = info.ssi_code == SI_QUEUE,
        .value = (int64_t)info.ssi_ptr,
        .stops = front->stops,
    };
    spawntrace_message_send(front->socket, &message, sizeof message, -1);
  }
}

// Whether the next message says how the front ends.
static bool is_to_end(const struct front *front) {
  struct spawntrace_front_message message;
  return recv(front->socket, &message, sizeof message, MSG_PEEK | MSG_DONTWAIT) ==
             (ssize_t)sizeof message &&
         (message.kind == spawntrace_front_status || message.kind == spawntrace_front_death);
}

// Stops as the command has, so that a shell gets its terminal back; returns when it is continued.
static void stop(struct front *front, int signal) {
  front->stops++;
  front->continued = false;
  // A SIGCONT that came before the tracer's message ends this stop.
  receive_signals(front);
  if (front->continued || is_to_end(front) || !is_stop(signal)) return;
  sigset_t only;
  sigemptyset(&only);
  sigaddset(&only, signal);
  kill(getpid(), signal);
  sigprocmask(SIG_UNBLOCK, &only, NULL);  // here it stops, unless its group is orphaned
  sigprocmask(SIG_BLOCK, &only, NULL);
  // The SIGCONT that ended this stop must not be taken for the end of the next one.
  receive_signals(front);
}

static _Noreturn void end(const struct spawntrace_front_message *message) {
  if (message->kind == spawntrace_front_death) spawntrace_die_of(message->number);
  _exit(message->kind == spawntrace_front_death ? 128 + message->number : message->number);
}

// Waits at most so many milliseconds, and closes the listeners of filters that no process is under
// any more.
static void drop_listeners(struct front *front, int milliseconds) {
  if (poll(front->listeners, front->listener_count, milliseconds) <= 0) return;
  nfds_t kept = 0;
  for (nfds_t i = 0; i < front->listener_count; i++)
    if (front->listeners[i].revents) close(front->listeners[i].fd);
    else front->listeners[kept++] = front->listeners[i];
  front->listener_count = kept;
}

static void keep_listener(struct front *front, int descriptor) {
  if (descriptor < 0) return;
  drop_listeners(front, 0);
  size_t size = (front->listener_count + 1) * sizeof *front->listeners;
  struct pollfd *more = realloc(front->listeners, size);
  if (!more) {
    close(descriptor);
    return;
  }
  // Without events poll(2) reports only its end (POLLHUP).
  more[front->listener_count++] = (struct pollfd){.fd = descriptor};
  front->listeners = more;
}

// Waits for the end of the tracer, which something may stop meanwhile.
static void wait_for_tracer(const struct front *front, int *status) {
  int unused;
  if (!status) status = &unused;
  for (;;) {
    pid_t child = waitpid(front->tracer, status, WUNTRACED);
    if (child == front->tracer && WIFSTOPPED(*status)) kill(child, SIGCONT);
    else if (child == front->tracer || errno != EINTR) return;
  }
}

// Waits until the kernel has ended the tree of a tracer that is gone (PTRACE_O_EXITKILL): its last
// processes take the filters along.
static void wait_for_tree(struct front *front) {
  for (int rounds = 100; rounds > 0 && front->listener_count > 0; rounds--)
    drop_listeners(front, patience / 100);
}

// Ends the front after a tracer that has ended without saying how the front should end.
static _Noreturn void tracer_ended(struct front *front, int status) {
  if (WIFEXITED(status)) _exit(WEXITSTATUS(status));
  wait_for_tree(front);
  int signal = WTERMSIG(status);
  const char *name = sigdescr_np(signal);
  dprintf(2,
          signal == SIGKILL
              ? "spawntrace: the tracer was killed, and the command with it\n"
              : "spawntrace: the tracer has crashed (signal %d, %s), and the command was ended with "
                "it; this is a fault of spawntrace\n",
          signal, name ? name : "unknown");
  _exit(failure);
}

// Kills a tracer that does not receive signals, and its tree with it.
static _Noreturn void end_standstill(struct front *front) {
  kill(front->tracer, SIGKILL);
  wait_for_tracer(front, NULL);
  wait_for_tree(front);
  const char *name = sigabbrev_np(front->unanswered);
  dprintf(2,
          "spawntrace: the tracer stood still when SIG%s came; it was killed, and the command with "
          "it\n",
          name ? name : "?");
  spawntrace_die_of(front->unanswered);
  _exit(failure);
}

// Reaps the children that have ended: the tracer, and orphans. Continues a tracer that was stopped:
// nothing but SIGSTOP can stop it, and the tree would stand still with it.
static void reap(struct front *front) {
  int status;
  pid_t child;
  while ((child = waitpid(-1, &status, WNOHANG | WUNTRACED)) > 0) {
    if (child != front->tracer) continue;
    if (WIFSTOPPED(status)) {
      kill(child, SIGCONT);
      continue;
    }
    // Its last message may not have been read yet.
    struct spawntrace_front_message message;
    int descriptor;
    while (spawntrace_message_receive(front->socket, &message, sizeof message, &descriptor,
                                      MSG_DONTWAIT) == (ssize_t)sizeof message)
      if (message.kind == spawntrace_front_status || message.kind == spawntrace_front_death)
        end(&message);
    tracer_ended(front, status);
  }
}

static void receive_message(struct front *front) {
  struct spawntrace_front_message message;
  int descriptor;
  ssize_t count = spawntrace_message_receive(front->socket, &message, sizeof message, &descriptor,
                                             MSG_DONTWAIT);
  if (count == 0) {
    int status = 0;
    wait_for_tracer(front, &status);
    tracer_ended(front, status);
  }
  if (count != (ssize_t)sizeof message) return;
  switch (message.kind) {
  case spawntrace_front_listener: keep_listener(front, descriptor); break;
  case spawntrace_front_stopped: stop(front, message.number); break;
  case spawntrace_front_received: front->unanswered = 0; break;
  case spawntrace_front_status:
  case spawntrace_front_death:
    if (!message.stays) wait_for_tracer(front, NULL);
    end(&message);
  default: break;
  }
}

static _Noreturn void stand_in(struct front front) {
  sigset_t heard;
  spawntrace_signals_set(&heard);
  // A child's status is lost if SIGCHLD is ignored.
  struct sigaction standard = {.sa_handler = SIG_DFL};
  sigaction(SIGCHLD, &standard, NULL);
  // Stops must stop us when we ask for it, whatever was inherited.
  static const int stops[] = {SIGTSTP, SIGTTIN, SIGTTOU};
  for (size_t i = 0; i < sizeof stops / sizeof *stops; i++) sigaction(stops[i], &standard, NULL);
  front.signals = signalfd(-1, &heard, SFD_CLOEXEC | SFD_NONBLOCK);
  spawntrace_release_standard();
  reap(&front);
  for (;;) {
    struct pollfd entries[] = {{.fd = front.signals, .events = POLLIN},
                               {.fd = front.socket, .events = POLLIN}};
    int64_t rest = front.unanswered ? front.answer_due - now() : -1;
    if (poll(entries, 2, front.unanswered && rest < 0 ? 0 : (int)rest) < 0) continue;
    if (entries[0].revents) receive_signals(&front);
    if (entries[1].revents) receive_message(&front);
    reap(&front);
    if (front.unanswered && now() >= front.answer_due) end_standstill(&front);
  }
}

int spawntrace_split(void) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends)) return -errno;
  // From now on signals are the front's: a Ctrl-C, which goes to both, must not end the tracer.
  spawntrace_signals_block();
  pid_t child = fork();
  if (child < 0) {
    int error = errno;
    close(ends[0]);
    close(ends[1]);
    return -error;
  }
  close(ends[child == 0 ? 0 : 1]);
  if (child == 0) {
    // If the front is killed while the tracer is stopped, the tracer must end the tree all the same.
    prctl(PR_SET_PDEATHSIG, SIGCONT);
    return ends[1];
  }
  stand_in((struct front){.socket = ends[0], .tracer = child});
}

int spawntrace_front_receive(int front, struct spawntrace_front_message *message) {
  int descriptor;
  ssize_t count =
      spawntrace_message_receive(front, message, sizeof *message, &descriptor, MSG_DONTWAIT);
  if (count == (ssize_t)sizeof *message) return 1;
  return count < 0 && errno == EAGAIN ? 0 : -1;
}

void spawntrace_front_send(int front, const struct spawntrace_front_message *message,
                           int descriptor) {
  spawntrace_message_send(front, message, sizeof *message, descriptor);
}
