// Handling and recording signals, and the state that a program begins with.
#include "tree.h"

struct record records[64];
volatile int record_count;

struct record record_of(const siginfo_t *info) {
  struct record record = {.signal = info->si_signo, .code = info->si_code};
  if (info->si_signo == SIGCHLD && info->si_code > 0) record.from = info->si_pid, record.status = info->si_status;
  else if (info->si_code == SI_USER || info->si_code == SI_TKILL) record.from = info->si_pid;
  else if (info->si_code == SI_QUEUE) record.from = info->si_pid, record.value = info->si_value.sival_int;
  else if (info->si_code == SI_TIMER) record.value = info->si_value.sival_int;
  return record;
}

void note(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  int error = errno;
  int index = record_count;
  if (index < 64) {
    records[index] = record_of(info);
    record_count = index + 1;
  }
  errno = error;
}

void say_record(const char *what, struct record record, pid_t child) {
  const char *from = record.from == 0            ? "no process"
                     : record.from == getpid()  ? "self"
                     : record.from == child     ? "child"
                     : record.from == getppid() ? "parent"
                                                : "other";
  say("%s %s code %d value %d status %d from %s", what, sig(record.signal), record.code, record.value, record.status,
      from);
}

void say_records(const char *what, pid_t child) {
  for (int i = 0; i < record_count; i++) say_record(what, records[i], child);
  record_count = 0;
}

void on(int number, void (*handler)(int, siginfo_t *, void *), int flags) {
  struct sigaction action = {.sa_sigaction = handler, .sa_flags = SA_SIGINFO | flags};
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, NULL);
}

void set(int number, void (*handler)(int)) {
  struct sigaction action = {.sa_handler = handler};
  sigaction(number, &action, NULL);
}

void mask(int how, int number) {
  sigset_t signals;
  sigemptyset(&signals);
  if (number) sigaddset(&signals, number);
  pthread_sigmask(how, &signals, NULL);
}

void raise_here(int number) { syscall(SYS_tgkill, getpid(), (pid_t)syscall(SYS_gettid), number); }

static void say_status_field(const char *text) {
  static const char *const fields[] = {"SigPnd", "ShdPnd", "SigBlk", "SigIgn", "SigCgt", "NoNewPrivs", "Threads",
                                       "CoreDumping", "Groups", "Umask", "Cpus_allowed_list", "CapEff", "CapBnd"};
  for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
    size_t count = strlen(fields[i]);
    if (strncmp(text, fields[i], count) == 0 && text[count] == ':') {
      char copy[200];
      snprintf(copy, sizeof copy, "%s", text);
      for (char *c = copy; *c; c++)
        if (*c == '\t' || *c == '\n') *c = ' ';
      say("state %s", copy);
    }
  }
}

// Writes down the state that a program begins with. All of it must be as without a tracer.
void say_state(void) {
  FILE *file = fopen("/proc/thread-self/status", "re");
  char text[500];
  while (file && fgets(text, sizeof text, file)) say_status_field(text);
  if (file) fclose(file);
  char open_ones[600] = "";
  for (int fd = 0; fd < 256; fd++) {
    int flags = fcntl(fd, F_GETFD);
    if (flags >= 0)
      snprintf(open_ones + strlen(open_ones), sizeof open_ones - strlen(open_ones), " %d%s", fd,
               flags & FD_CLOEXEC ? "c" : "");
  }
  say("state descriptors%s", open_ones);
  uint32_t hash = 2166136261;
  int count = 0;
  for (char **variable = environ; *variable; variable++) {
    if (strncmp(*variable, "SOAK_RUN=", 9) == 0) continue;
    count++;
    for (const char *c = *variable; *c; c++) hash = (hash ^ (uint8_t)*c) * 16777619;
  }
  char name[20] = "";
  prctl(PR_GET_NAME, name);
  int death_signal = 0;
  prctl(PR_GET_PDEATHSIG, &death_signal);
  say("state environment %d %08x, name %s, dumpable %d, death signal %d", count, hash, name, prctl(PR_GET_DUMPABLE),
      death_signal);
  char limits[800] = "";
  for (int resource = 0; resource < RLIM_NLIMITS; resource++) {
    struct rlimit limit;
    getrlimit(resource, &limit);
    snprintf(limits + strlen(limits), sizeof limits - strlen(limits), " %lld/%lld", (long long)limit.rlim_cur,
             (long long)limit.rlim_max);
  }
  say("state limits%s", limits);
  struct itimerval timer;
  getitimer(ITIMER_REAL, &timer);
  stack_t stack;
  sigaltstack(NULL, &stack);
  say("state timer %s, nice %d, scheduler %d, leader of group %d of session %d, first thread %d, other stack %d",
      timer.it_value.tv_sec || timer.it_value.tv_usec ? "runs" : "none", getpriority(PRIO_PROCESS, 0),
      sched_getscheduler(0), getpgrp() == getpid(), getsid(0) == getpid(), syscall(SYS_gettid) == getpid(),
      stack.ss_flags);
}
