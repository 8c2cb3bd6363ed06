#ifndef SPAWNTRACE_PTRACE_H
#define SPAWNTRACE_PTRACE_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// ptrace(2) is variadic, which Swift can't call. Each function here is one request; it returns 0 or
// the errno. All of them must come from the one thread that launched the program.

/// The options with which every tracee is seized: events for fork, vfork, clone and exec, stops for
/// SECCOMP_RET_TRACE, and the end of the tree with its tracer (a filter without one gives ENOSYS).
unsigned long spawntrace_ptrace_options(void);

/// ptrace(PTRACE_SETOPTIONS) with the options above, and with a stop of the thread at its exit, or
/// without one. Its new threads and processes inherit that.
int spawntrace_set_exit_stop(pid_t thread, bool wanted);

/// ptrace(PTRACE_CONT): the thread runs on, with `signal` delivered unless it is 0.
int spawntrace_continue(pid_t thread, int signal);

/// ptrace(PTRACE_SYSCALL): as spawntrace_continue, up to the next beginning or end of a system
/// call, which is a stop by SIGTRAP | 0x80 (PTRACE_O_TRACESYSGOOD).
int spawntrace_continue_to_call(pid_t thread, int signal);

/// ptrace(PTRACE_LISTEN): the thread stays in its group-stop until SIGCONT.
int spawntrace_listen(pid_t thread);

/// ptrace(PTRACE_INTERRUPT): the thread stops soon, with spawntrace_event_stop.
int spawntrace_interrupt(pid_t thread);

/// ptrace(PTRACE_GETEVENTMSG): the new thread's id; at an exec the id that the thread had; at a
/// filter's stop the data of the filter's return value; at an exit the status of wait(2).
int spawntrace_event_message(pid_t thread, unsigned long *_Nonnull message);

/// The data of our own filter's SECCOMP_RET_TRACE. It distinguishes its stops from those of a
/// program's own filter.
enum { spawntrace_filter_mark = 0x5354 };

/// Makes the system call that the thread is about to make fail with ENOSYS. The corresponding C
/// call is ptrace(PTRACE_POKEUSER), on aarch64 PTRACE_SETREGSET.
int spawntrace_refuse_call(pid_t thread);

/// The origin of the signal that a thread is about to get.
struct spawntrace_signal_origin {
  /// The sender, or 0 if the kernel or a timer sent it.
  pid_t sender;
};

/// ptrace(PTRACE_GETSIGINFO).
int spawntrace_signal_origin(pid_t thread, struct spawntrace_signal_origin *_Nonnull origin);

#if defined(__x86_64__)
enum { spawntrace_register_count = 17 };
#else
enum { spawntrace_register_count = 33 };
#endif

/// The registers of a stopped thread that the tracer reads, on every architecture.
struct spawntrace_registers {
  uint64_t system_call;
  uint64_t arguments[6];
  /// The thread's `pthread_self()` in this architecture's C libraries; 0 if it isn't known.
  uint64_t thread_pointer;
  /// The general registers by their DWARF numbers (System V psABI, "DWARF Register Numbers"):
  /// x86_64 up to 16, the return address column, which is RIP here; aarch64 x0 to x30, SP and, as
  /// libunwind numbers it, PC.
  uint64_t general[spawntrace_register_count];
  uint64_t instruction_pointer;
  uint64_t stack_pointer;
  /// The system call's result, if the thread has just made one.
  uint64_t return_value;
};

/// ptrace(PTRACE_GETREGSET, NT_PRSTATUS), or PTRACE_GETREGS.
int spawntrace_registers(pid_t thread, struct spawntrace_registers *_Nonnull registers);

/// Whether the thread, about to get a signal, was interrupted in a system call that will fail with
/// EINTR if the signal has a handler without SA_RESTART; `registers` shows which. Known on x86_64
/// only.
bool spawntrace_interrupted_call(pid_t thread, struct spawntrace_registers *_Nonnull registers);

/// Has the interrupted call made again after the handler, whatever the handler's flags. x86_64.
int spawntrace_restart_call(pid_t thread);

/// Whether the thread, about to get a signal, is at the end of a call that has failed with EINTR
/// and that the kernel never makes again by itself. x86_64.
bool spawntrace_call_failed_by_signal(pid_t thread);

/// Has that call made again unless a handler runs. x86_64.
int spawntrace_restart_call_without_handler(pid_t thread);

/// The events of a stop: `status >> 16` of wait(2).
enum spawntrace_event {
  spawntrace_event_fork = 1,
  spawntrace_event_vfork = 2,
  spawntrace_event_clone = 3,
  spawntrace_event_exec = 4,
  spawntrace_event_exit = 6,
  spawntrace_event_seccomp = 7,
  spawntrace_event_stop = 128,
};

/// waitpid(-1, status, __WALL | __WNOTHREAD | WNOHANG): a thread that has stopped or ended, 0 if
/// none has, or the negative errno (-ECHILD: there is no tracee left).
pid_t spawntrace_wait(int *_Nonnull status);

#endif
