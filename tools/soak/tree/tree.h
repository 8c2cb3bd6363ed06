// A random process tree, made from a seed, that writes down everything that its processes can see.
//
//     tree root SEED
//
// Each line of the transcript is "PATH NUMBER TEXT": the process's path in the tree, the number of the line in that
// process, and a text. So sorted lines are the same for the same seed, whichever process was faster. A text must be
// true in every case: scenarios synchronise before they write, and processes that die at a random moment write nothing.
// At most 60 processes live at once.
//
// words.c, together.c, signals.c, processes.c and execution.c are what scenarios are made of; scenarios.c lists the
// scenarios, and main.c makes the tree.
#ifndef TREE_H
#define TREE_H

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/futex.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/times.h>
#include <sys/un.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#ifndef P_PIDFD
#define P_PIDFD 3
#endif

// LOG is the descriptor of the transcript, MOST_LIVE the number of processes that may live at once, HOST_NEEDS the
// number that one scenario may need.
enum { LOG = 100, MOST_LIVE = 50, HOST_NEEDS = 9 };

extern char **environ;

// MARK: words.c

// The process's path in the tree.
extern char path[240];
// How many lines this process has written, and how many processes it has made.
extern unsigned line, births;
// Whether this process writes nothing, because it may be killed at any moment.
extern bool quiet;
// The state of the random numbers.
extern uint64_t dice;

uint64_t roll(void);
// A random number below `count`.
unsigned pick(unsigned count);
// Writes a line of the transcript.
__attribute__((format(printf, 1, 2))) void say(const char *format, ...);
// The names of an error and of a signal.
const char *why(int error);
const char *sig(int number);

// MARK: together.c

// A pipe through which one process lets another go on. Waiting fails if all writers are gone.
struct gate {
  int end[2];
};

struct gate gate_make(void);
void gate_open(struct gate *gate);
bool gate_wait(struct gate *gate);
void gate_close(struct gate *gate);

// Memory that is shared with children.
struct shared {
  volatile int flag[32];
  volatile pid_t pid[32];
};

struct shared *share_make(void);
// Waits until the flag is set.
void until(volatile int *flag);
// Sleeps for a random time.
void nap(unsigned most_microseconds);
char *file_name(const char *kind);

// MARK: signals.c

// A signal that arrived.
struct record {
  int signal, code, value, status;
  pid_t from;
};

// The signals that `note` has handled.
extern struct record records[64];
extern volatile int record_count;

struct record record_of(const siginfo_t *info);
// A handler that adds the signal to `records`.
void note(int number, siginfo_t *info, void *context);
void say_record(const char *what, struct record record, pid_t child);
// Writes down all of `records`, and empties it.
void say_records(const char *what, pid_t child);
// Sets a signal's handler, with and without its details.
void on(int number, void (*handler)(int, siginfo_t *, void *), int flags);
void set(int number, void (*handler)(int));
// Blocks or unblocks a signal for this thread.
void mask(int how, int number);
// Sends a signal to this thread.
void raise_here(int number);
void say_state(void);

// MARK: processes.c

// Makes this process a child with a path and random numbers of its own.
void descend(const char *name, uint64_t seed);
// Makes a process by one of several system calls.
pid_t make_raw(unsigned kind);
// Makes a process that is part of the tree.
pid_t make(const char *name);
void say_status(const char *name, int status);
void say_info(const char *name, const char *how, const siginfo_t *info, pid_t child);
void await_with(pid_t child, const char *name, int flags);
void await(pid_t child, const char *name);
// Waits for all children without writing anything down.
void reap_all(void);
// A random signal that ends a process.
int any_deadly(void);
// Ends this process in one of many ways.
_Noreturn void end_somehow(void);

// MARK: execution.c

// The path of this program.
extern const char *program;

// The arguments with which this program executes itself.
struct arguments {
  char path[240], seed[24], budget[12], silent[4];
  char *list[8];
};

char **arguments_for(struct arguments *arguments, const char *kind, const char *name, uint64_t seed, unsigned budget);
// Executes this program in one of several ways.
void execute(char **list);
void *disturb(void *argument);
_Noreturn void execute_from_thread(char **list);
pid_t launch(const char *kind, const char *name, unsigned budget, int *wait_flags);

// MARK: Scenarios

void execution_failures(void);
void closed_descriptors(void);
void pending_signals(void);
void queued_signals(void);
void signal_talk(void);
void timers(void);
void child_signals(void);
void stops(void);
void interrupted_calls(void);
void undisturbed_calls(void);
void pipes(void);
void opens(void);
void orphans(void);
void deaths_of_parents(void);
void ways_to_wait(void);
void groups(void);
void namespaces(void);
void vforks(void);
void faults(void);
void own_filter(void);
void threads(void);
void robust_lock(void);
void killings(void);

// The opens of one thread, and what went wrong with them.
struct opener {
  unsigned count, failures, wrong;
  int error;
  uint64_t seed;
  bool is_process_done;
};

void *open_often(void *argument);
_Noreturn void keep_busy(unsigned kind);

// MARK: scenarios.c

// Whether the scenario runs in a thread that isn't the first.
extern bool in_thread;

unsigned scenario_count(void);
void scenario(unsigned index);
// Runs a random scenario, in this process or in one of its own.
void some_scenario(void);

#endif
