// Scenarios: signals while a system call waits.
#include "tree.h"

// System calls that wait.
enum wait_kind {
  W_READ, W_SLEEP, W_POLL, W_SELECT, W_PAUSE, W_SIGSUSPEND, W_WAIT, W_FLOCK, W_FIFO, W_FIFO_UNSEEN, W_ACCEPT,
  W_CONNECT, W_FUTEX, W_WRITE, W_LOCK, W_EPOLL, W_SIGTIMEDWAIT, W_INTERRUPTIBLE,
  // It depends on timing how far these are when a handler runs.
  W_LONG_WRITE = W_INTERRUPTIBLE, W_RECEIVE_ALL, W_KINDS
};
static const char *const wait_names[] = {"read",       "sleep",  "poll",      "select", "pause",  "sigsuspend",
                                         "wait",       "flock",  "open FIFO", "open FIFO unseen", "accept", "connect",
                                         "futex",      "write",  "fcntl lock", "epoll",  "sigtimedwait", "long write", "receive all"};

// Whether the environment says to leave something out that tracers are known to change.
static bool is_left_out(const char *name) {
  const char *list = getenv("SOAK_WITHOUT");
  return list && strstr(list, name);
}

struct waiting {
  enum wait_kind kind;
  struct shared *shared;
  struct gate gate;
  char file[100];
  int descriptor, listener, filler;
  long milliseconds;
  struct sockaddr_un address;
  pid_t target;
};

static void waiting_prepare(struct waiting *w) {
  w->gate = gate_make();
  w->descriptor = w->listener = w->filler = -1;
  snprintf(w->file, sizeof w->file, "%s", file_name("w"));
  switch (w->kind) {
    case W_FLOCK:
    case W_LOCK:
      w->descriptor = open(w->file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      if (w->kind == W_FLOCK) flock(w->descriptor, LOCK_EX);
      else fcntl(w->descriptor, F_SETLK, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET});
      break;
    case W_FIFO:
    case W_FIFO_UNSEEN: mkfifo(w->file, 0600); break;
    case W_ACCEPT:
    case W_CONNECT:
      w->address = (struct sockaddr_un){.sun_family = AF_UNIX};
      snprintf(w->address.sun_path, sizeof w->address.sun_path, "%s", w->file);
      w->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      if (bind(w->listener, (struct sockaddr *)&w->address, sizeof w->address)) say("bind: %s", why(errno));
      listen(w->listener, 0);
      if (w->kind == W_CONNECT) {
        // A connection that is never accepted, so the next one has to wait.
        w->filler = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
        if (connect(w->filler, (struct sockaddr *)&w->address, sizeof w->address)) say("connect: %s", why(errno));
      }
      break;
    case W_WRITE: {
      fcntl(w->gate.end[1], F_SETFL, O_NONBLOCK);
      char page[4096] = "";
      while (write(w->gate.end[1], page, sizeof page) > 0) {
      }
      fcntl(w->gate.end[1], F_SETFL, 0);
      break;
    }
    case W_RECEIVE_ALL: {
      int ends[2];
      socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
      w->descriptor = ends[0], w->filler = ends[1];
      break;
    }
    default: break;
  }
}

static long waiting_call(struct waiting *w) {
  char bytes[64] = "";
  sigset_t signals;
  sigemptyset(&signals);
  struct timespec time = {.tv_sec = w->milliseconds / 1000, .tv_nsec = w->milliseconds % 1000 * 1000000};
  switch (w->kind) {
    case W_READ: return read(w->gate.end[0], bytes, 1);
    case W_SLEEP: return nanosleep(&time, NULL);
    case W_POLL: return poll(&(struct pollfd){.fd = w->gate.end[0], .events = POLLIN}, 1, -1);
    case W_SELECT: {
      fd_set set;
      FD_ZERO(&set);
      FD_SET(w->gate.end[0], &set);
      return select(w->gate.end[0] + 1, &set, NULL, NULL, NULL);
    }
    case W_PAUSE: return pause();
    case W_SIGSUSPEND: return sigsuspend(&signals);
    case W_WAIT: {
      pid_t child = fork();
      if (child == 0) {
        // Signals are for the parent only.
        char byte;
        read(w->gate.end[0], &byte, 1);
        _exit(0);
      }
      long result = waitpid(child, NULL, 0) == child ? 1 : -1;
      int error = errno;
      if (result < 0) {
        kill(child, SIGKILL);
        while (waitpid(child, NULL, 0) < 0 && errno == EINTR) {
        }
      }
      errno = error;
      return result;
    }
    case W_FLOCK: {
      // Locks belong to the open file description, so this needs one of its own.
      int descriptor = open(w->file, O_RDWR | O_CLOEXEC);
      return flock(descriptor, LOCK_EX);
    }
    case W_LOCK: return fcntl(w->descriptor, F_SETLKW, &(struct flock){.l_type = F_WRLCK, .l_whence = SEEK_SET});
    case W_FIFO: return open(w->file, O_RDONLY | O_CLOEXEC) >= 0 ? 1 : -1;
    case W_FIFO_UNSEEN: return open(w->file, O_RDONLY) >= 0 ? 1 : -1;
    case W_ACCEPT: return accept4(w->listener, NULL, NULL, SOCK_CLOEXEC) >= 0 ? 1 : -1;
    case W_CONNECT: {
      int descriptor = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      return connect(descriptor, (struct sockaddr *)&w->address, sizeof w->address);
    }
    case W_FUTEX: {
      long result = syscall(SYS_futex, &w->shared->flag[9], FUTEX_WAIT, 0, NULL, NULL, 0);
      if (result < 0 && errno == EAGAIN) result = 0;  // released before it waited
      return result;
    }
    // As long as a message to the resource tracker, so the filter selects it.
    case W_WRITE: return write(w->gate.end[1], bytes, 13);
    case W_LONG_WRITE: {
      static char all[200000];
      return write(w->gate.end[1], all, sizeof all);
    }
    case W_RECEIVE_ALL: {
      char all[40];
      return recv(w->descriptor, all, sizeof all, MSG_WAITALL);
    }
    case W_EPOLL: {
      int epoll = epoll_create1(EPOLL_CLOEXEC);
      struct epoll_event event = {.events = EPOLLIN};
      epoll_ctl(epoll, EPOLL_CTL_ADD, w->gate.end[0], &event);
      return epoll_wait(epoll, &event, 1, -1);
    }
    case W_SIGTIMEDWAIT:
      sigaddset(&signals, SIGRTMIN + 9);
      return sigwaitinfo(&signals, NULL) > 0 ? 1 : -1;
    default: return 0;
  }
}

static void waiting_release(struct waiting *w) {
  switch (w->kind) {
    case W_SLEEP: break;
    case W_PAUSE:
    case W_SIGSUSPEND: kill(w->target, SIGUSR2); break;
    case W_FLOCK: flock(w->descriptor, LOCK_UN); break;
    case W_LOCK: fcntl(w->descriptor, F_SETLK, &(struct flock){.l_type = F_UNLCK, .l_whence = SEEK_SET}); break;
    case W_FIFO:
    case W_FIFO_UNSEEN: w->filler = open(w->file, O_WRONLY | O_CLOEXEC); break;
    case W_ACCEPT:
      w->filler = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
      connect(w->filler, (struct sockaddr *)&w->address, sizeof w->address);
      break;
    case W_CONNECT: w->descriptor = accept4(w->listener, NULL, NULL, SOCK_CLOEXEC); break;
    case W_FUTEX:
      w->shared->flag[9] = 1;
      syscall(SYS_futex, &w->shared->flag[9], FUTEX_WAKE, 10, NULL, NULL, 0);
      break;
    case W_WRITE: {
      char page[4096];
      if (read(w->gate.end[0], page, sizeof page) < 0) say("read: %s", why(errno));
      break;
    }
    case W_SIGTIMEDWAIT: kill(w->target, SIGRTMIN + 9); break;
    case W_LONG_WRITE: {
      // The reader sees the end when the last writer is closed.
      char page[4096];
      close(w->gate.end[1]);
      w->gate.end[1] = -1;
      while (read(w->gate.end[0], page, sizeof page) > 0) {
      }
      break;
    }
    case W_RECEIVE_ALL: {
      char rest[20] = "";
      if (write(w->filler, rest, sizeof rest) < 0) say("write: %s", why(errno));
      break;
    }
    default: gate_open(&w->gate);
  }
}

static void waiting_end(struct waiting *w) {
  gate_close(&w->gate);
  if (w->descriptor >= 0) close(w->descriptor);
  if (w->listener >= 0) close(w->listener);
  if (w->filler >= 0) close(w->filler);
  unlink(w->file);
  munmap(w->shared, sizeof *w->shared);
}

static bool never_restarts(enum wait_kind kind) {
  return kind == W_SLEEP || kind == W_POLL || kind == W_SELECT || kind == W_PAUSE || kind == W_SIGSUSPEND ||
         kind == W_EPOLL || kind == W_SIGTIMEDWAIT;
}

// A waiting call while signals are handled: it fails with EINTR, or is restarted.
void interrupted_calls(void) {
  struct waiting w = {.kind = (enum wait_kind)pick(W_INTERRUPTIBLE), .shared = share_make(), .milliseconds = 100000};
  bool restarts = pick(2);
  int number = pick(2) ? SIGUSR1 : SIGRTMIN + 2;
  waiting_prepare(&w);
  w.target = make("target");
  if (w.target == 0) {
    mask(SIG_BLOCK, SIGRTMIN + 9);
    if (w.kind == W_WRITE) close(w.gate.end[0]);
    on(number, note, restarts ? SA_RESTART : 0);
    w.shared->flag[0] = 1;
    long result = waiting_call(&w);
    int error = errno;
    w.shared->flag[1] = 1;
    set(number, SIG_IGN);
    say("%s, handlers %s: %ld %s, handled %d", wait_names[w.kind], restarts ? "restart" : "interrupt", result,
        result < 0 ? why(error) : "ok", record_count > 0);
    _exit(0);
  }
  until(&w.shared->flag[0]);
  unsigned pause_length = 100 + pick(400);
  for (unsigned turn = 0; !w.shared->flag[1]; turn++) {
    kill(w.target, number);
    usleep(pause_length);
    if (turn == 5 && restarts && !never_restarts(w.kind)) {
      waiting_release(&w);
      break;
    }
  }
  await(w.target, "target");
  waiting_end(&w);
}

// A waiting call while ignored signals, stops and continuations arrive: it must not notice them.
void undisturbed_calls(void) {
  enum wait_kind kind = (enum wait_kind)pick(W_KINDS);
  unsigned way = pick(4);
  // These do notice a stop (signal(7)) if it comes early enough.
  if (way == 0 && (kind == W_EPOLL || kind == W_SIGTIMEDWAIT || kind >= W_INTERRUPTIBLE)) way = 1;
  if (is_left_out(wait_names[kind])) kind = W_READ;
  struct waiting w = {.kind = kind, .shared = share_make(), .milliseconds = 4};
  waiting_prepare(&w);
  static const int harmless[] = {SIGCHLD, SIGURG, SIGWINCH, SIGCONT};
  int number = way == 1 ? SIGUSR1 : harmless[pick(4)];
  w.target = make("target");
  if (w.target == 0) {
    mask(SIG_BLOCK, SIGRTMIN + 9);
    if (w.kind == W_WRITE) close(w.gate.end[0]);
    on(SIGUSR2, note, 0);
    set(SIGUSR1, SIG_IGN);
    w.shared->flag[0] = 1;
    long result = waiting_call(&w);
    int error = errno;
    say("%s: %ld %s", wait_names[w.kind], result, result < 0 ? why(error) : "ok");
    w.shared->flag[1] = 1;
    _exit(0);
  }
  until(&w.shared->flag[0]);
  for (unsigned turn = 0; turn < 4; turn++) {
    usleep(200 + pick(300));
    // Part of the data that the call waits for, which an interrupted call would return.
    if (kind == W_RECEIVE_ALL && turn == 1 && write(w.filler, &w, 20) < 0) say("write: %s", why(errno));
    if (way == 0) {
      kill(w.target, SIGSTOP);
      siginfo_t info;
      waitid(P_PID, (id_t)w.target, &info, WSTOPPED | WEXITED | WNOWAIT);
      kill(w.target, SIGCONT);
    } else {
      kill(w.target, number);
    }
  }
  if (kind == W_PAUSE || kind == W_SIGSUSPEND) {
    while (!w.shared->flag[1]) kill(w.target, SIGUSR2), usleep(200);
  } else {
    waiting_release(&w);
  }
  await(w.target, "target");
  waiting_end(&w);
}
