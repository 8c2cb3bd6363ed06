// The registers of aarch64. Calls that a stopped thread makes for the tracer are not written yet.
#if defined(__aarch64__)

#include <elf.h>
#include <errno.h>
#include <sys/ptrace.h>
#include <sys/uio.h>
#include <sys/user.h>

#include "borrowed.h"
#include "ptrace.h"

int spawntrace_registers(pid_t thread, struct spawntrace_registers *registers) {
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
}

bool spawntrace_call_failed_by_signal(pid_t thread) {
  (void)thread;
  return false;
}

int spawntrace_restart_call_without_handler(pid_t thread) {
  (void)thread;
  return ENOSYS;
}

// arm64 has decided before the tracer is asked (arch/arm64/kernel/signal.c, do_signal).
bool spawntrace_interrupted_call(pid_t thread, struct spawntrace_registers *registers) {
  (void)thread, (void)registers;
  return false;
}

int spawntrace_restart_call(pid_t thread) {
  (void)thread;
  return ENOSYS;
}

int spawntrace_refuse_call(pid_t thread) {
  // No call has this number, so none is made.
  int none = -1;
  struct iovec number = {.iov_base = &none, .iov_len = sizeof none};
  struct user_pt_regs r;
  struct iovec vector = {.iov_base = &r, .iov_len = sizeof r};
  if (ptrace(PTRACE_GETREGSET, thread, (void *)NT_PRSTATUS, &vector) < 0) return errno;
  r.regs[0] = (unsigned long long)-ENOSYS;
  if (ptrace(PTRACE_SETREGSET, thread, (void *)NT_PRSTATUS, &vector) < 0) return errno;
  return ptrace(PTRACE_SETREGSET, thread, (void *)NT_ARM_SYSTEM_CALL, &number) < 0 ? errno : 0;
}

bool spawntrace_can_borrow(void) {
  return false;
}

int64_t spawntrace_borrowed_instruction(void) {
  return -1;
}

int spawntrace_borrow(pid_t thread, const struct sock_filter *filter, uint16_t length,
                      struct spawntrace_borrowed *borrowed) {
  (void)thread, (void)filter, (void)length, (void)borrowed;
  return ENOSYS;
}

int spawntrace_borrowed_call(pid_t thread, const struct spawntrace_borrowed *borrowed,
                             uint64_t instruction, long number, uint64_t first, uint64_t second,
                             uint64_t third) {
  (void)thread, (void)borrowed, (void)instruction, (void)number, (void)first, (void)second;
  (void)third;
  return ENOSYS;
}

int spawntrace_borrowed_seccomp(pid_t thread, const struct spawntrace_borrowed *borrowed,
                                uint64_t instruction, uint64_t flags) {
  (void)thread, (void)borrowed, (void)instruction, (void)flags;
  return ENOSYS;
}

int spawntrace_borrowed_result(pid_t thread, int64_t *result) {
  (void)thread, (void)result;
  return ENOSYS;
}

int spawntrace_give_back(pid_t thread, const struct spawntrace_borrowed *borrowed) {
  (void)thread, (void)borrowed;
  return ENOSYS;
}

#endif
