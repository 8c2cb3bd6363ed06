#include "ptrace.h"

#include <elf.h>
#include <errno.h>
#include <signal.h>
#include <stddef.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <sys/wait.h>

_Static_assert((int)spawntrace_event_fork == (int)PTRACE_EVENT_FORK, "kernel constant");
_Static_assert((int)spawntrace_event_vfork == (int)PTRACE_EVENT_VFORK, "kernel constant");
_Static_assert((int)spawntrace_event_clone == (int)PTRACE_EVENT_CLONE, "kernel constant");
_Static_assert((int)spawntrace_event_exec == (int)PTRACE_EVENT_EXEC, "kernel constant");
_Static_assert((int)spawntrace_event_seccomp == (int)PTRACE_EVENT_SECCOMP, "kernel constant");
_Static_assert((int)spawntrace_event_stop == (int)PTRACE_EVENT_STOP, "kernel constant");

unsigned long spawntrace_ptrace_options(void) {
  return PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC |
         PTRACE_O_TRACESECCOMP | PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL;
}

int spawntrace_continue_to_call(pid_t thread, int signal) {
  return ptrace(PTRACE_SYSCALL, thread, NULL, (unsigned long)signal) < 0 ? errno : 0;
}

int spawntrace_continue(pid_t thread, int signal) {
  return ptrace(PTRACE_CONT, thread, NULL, (unsigned long)signal) < 0 ? errno : 0;
}

int spawntrace_listen(pid_t thread) {
  return ptrace(PTRACE_LISTEN, thread, NULL, NULL) < 0 ? errno : 0;
}

int spawntrace_interrupt(pid_t thread) {
  return ptrace(PTRACE_INTERRUPT, thread, NULL, NULL) < 0 ? errno : 0;
}

int spawntrace_event_message(pid_t thread, unsigned long *message) {
  return ptrace(PTRACE_GETEVENTMSG, thread, NULL, message) < 0 ? errno : 0;
}

int spawntrace_signal_origin(pid_t thread, struct spawntrace_signal_origin *origin) {
  siginfo_t info;
  if (ptrace(PTRACE_GETSIGINFO, thread, NULL, &info) < 0) return errno;
  // Only these codes come with a sender (sigaction(2)); the field is shared with others.
  bool sent = info.si_code == SI_USER || info.si_code == SI_TKILL || info.si_code == SI_QUEUE;
  origin->sender = sent ? info.si_pid : 0;
  return 0;
}

int spawntrace_registers(pid_t thread, struct spawntrace_registers *registers) {
#if defined(__x86_64__)
  struct user_regs_struct r;
  if (ptrace(PTRACE_GETREGS, thread, NULL, &r) < 0) return errno;
  *registers = (struct spawntrace_registers){
      .system_call = r.orig_rax,
      .arguments = {r.rdi, r.rsi, r.rdx, r.r10, r.r8, r.r9},
      .thread_pointer = r.fs_base,
      .general = {r.rax, r.rdx, r.rcx, r.rbx, r.rsi, r.rdi, r.rbp, r.rsp, r.r8, r.r9, r.r10, r.r11,
                  r.r12, r.r13, r.r14, r.r15, r.rip},
      .instruction_pointer = r.rip,
      .stack_pointer = r.rsp,
      .return_value = r.rax,
  };
  return 0;
#elif defined(__aarch64__)
  struct user_pt_regs r;
  struct iovec vector = {.iov_base = &r, .iov_len = sizeof r};
  if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &vector) < 0) return errno;
  // pthread_self() is TPIDR_EL0 less the size of glibc's struct pthread, which is not known here:
  // the thread is found by its id instead.
  *registers = (struct spawntrace_registers){
      .system_call = r.regs[8],
      .arguments = {r.regs[0], r.regs[1], r.regs[2], r.regs[3], r.regs[4], r.regs[5]},
      .instruction_pointer = r.pc,
      .stack_pointer = r.sp,
      .return_value = r.regs[0],
  };
  for (int i = 0; i < 31; i++) registers->general[i] = r.regs[i];
  registers->general[31] = r.sp;
  registers->general[32] = r.pc;
  return 0;
#else
#error "spawntrace knows the registers of x86_64 and aarch64"
#endif
}

#if defined(__x86_64__)
// The kernel's own results, which no program sees (include/linux/errno.h).
enum { restart_if_handler_allows = -512, restart_always = -513, restart_without_handler = -514 };

bool spawntrace_interrupted_call(pid_t thread, struct spawntrace_registers *registers) {
  struct user_regs_struct r;
  if (ptrace(PTRACE_GETREGS, thread, NULL, &r) < 0) return false;
  if ((long long)r.orig_rax < 0 || (long long)r.rax != restart_if_handler_allows) return false;
  return spawntrace_registers(thread, registers) == 0;
}

int spawntrace_restart_call(pid_t thread) {
  unsigned long result = (unsigned long)restart_always;
  return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user_regs_struct, rax), result) < 0 ? errno
                                                                                             : 0;
}

bool spawntrace_call_failed_by_signal(pid_t thread) {
  struct user_regs_struct r;
  if (ptrace(PTRACE_GETREGS, thread, NULL, &r) < 0 || (long long)r.rax != -EINTR) return false;
  switch ((long long)r.orig_rax) {
  case SYS_epoll_wait: case SYS_epoll_pwait: case SYS_epoll_pwait2: case SYS_semop:
  case SYS_semtimedop: case SYS_rt_sigtimedwait: case SYS_io_getevents: case SYS_io_pgetevents:
  case SYS_msgrcv: case SYS_msgsnd: return true;
  default: return false;
  }
}

int spawntrace_restart_call_without_handler(pid_t thread) {
  unsigned long result = (unsigned long)restart_without_handler;
  return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user_regs_struct, rax), result) < 0 ? errno
                                                                                             : 0;
}
#else
bool spawntrace_call_failed_by_signal(pid_t thread) {
  (void)thread;
  return false;
}

int spawntrace_restart_call_without_handler(pid_t thread) {
  (void)thread;
  return ENOSYS;
}

// arm64 has made up its mind before the tracer is asked (arch/arm64/kernel/signal.c, do_signal).
bool spawntrace_interrupted_call(pid_t thread, struct spawntrace_registers *registers) {
  (void)thread, (void)registers;
  return false;
}

int spawntrace_restart_call(pid_t thread) {
  (void)thread;
  return ENOSYS;
}
#endif

int spawntrace_refuse_call(pid_t thread) {
  // No call has this number, so that none is made.
#if defined(__x86_64__)
  // The result is ENOSYS already (arch/x86/entry: it is set before the tracer is asked).
  long none = -1;
  return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user_regs_struct, orig_rax), none) < 0 ? errno
                                                                                                : 0;
#else
  int none = -1;
  struct iovec number = {.iov_base = &none, .iov_len = sizeof none};
  struct user_pt_regs r;
  struct iovec vector = {.iov_base = &r, .iov_len = sizeof r};
  if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &vector) < 0) return errno;
  r.regs[0] = (unsigned long long)-ENOSYS;
  if (ptrace(PTRACE_SETREGSET, thread, (void *)NT_PRSTATUS, &vector) < 0) return errno;
  return ptrace(PTRACE_SETREGSET, thread, (void *)NT_ARM_SYSTEM_CALL, &number) < 0 ? errno : 0;
#endif
}

pid_t spawntrace_wait(int *status) {
  pid_t thread;
  do thread = waitpid(-1, status, __WALL | __WNOTHREAD | WNOHANG);
  while (thread < 0 && errno == EINTR);
  return thread < 0 ? -errno : thread;
}
