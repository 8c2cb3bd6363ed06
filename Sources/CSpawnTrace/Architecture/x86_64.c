// The registers of x86_64, and the calls that a stopped thread makes for the tracer.
#if defined(__x86_64__)

#include <elf.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#include "borrowed.h"
#include "ptrace.h"

#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

int spawntrace_registers(pid_t thread, struct spawntrace_registers *registers) {
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
}

// Results inside the kernel, which no program sees (include/linux/errno.h).
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

int spawntrace_refuse_call(pid_t thread) {
  // No call has this number, so none is made.
  // The result is ENOSYS already (arch/x86/entry: it is set before the tracer is asked).
  long none = -1;
  return ptrace(PTRACE_POKEUSER, thread, offsetof(struct user_regs_struct, orig_rax), none) < 0 ? errno
                                                                                                : 0;
}

_Static_assert(sizeof(struct user_regs_struct) ==
                   sizeof(((struct spawntrace_borrowed *)0)->registers),
               "the registers as the kernel gives them");

// The space below the stack pointer that a function without a frame may use (System V psABI, "The
// Stack Frame").
enum { red_zone = 128 };

// CS of code of 64 bits (arch/x86/include/asm/segment.h, __USER_CS).
enum { user_code_segment = 0x33 };

// Results inside the kernel for calls that are to be made again (include/linux/errno.h).
enum { first_restart = -516, last_restart = -512 };

bool spawntrace_can_borrow(void) {
  return syscall(SYS_pidfd_getfd, -1, -1, 0) < 0 && errno == EBADF &&
         spawntrace_borrowed_instruction() >= 0;
}

int64_t spawntrace_borrowed_instruction(void) {
  const unsigned char *vdso = (const unsigned char *)getauxval(AT_SYSINFO_EHDR);
  if (!vdso) return -1;
  // One segment holds all of it, and begins at its beginning. The two bytes are the instruction at
  // any position: the bytes behind them are never executed.
  const Elf64_Ehdr *header = (const Elf64_Ehdr *)vdso;
  const Elf64_Phdr *segments = (const Elf64_Phdr *)(vdso + header->e_phoff);
  for (int i = 0; i < header->e_phnum; i++) {
    if (segments[i].p_type != PT_LOAD || segments[i].p_offset != 0) continue;
    for (uint64_t at = sizeof *header; at + 1 < segments[i].p_filesz; at++)
      if (vdso[at] == 0x0f && vdso[at + 1] == 0x05) return (int64_t)at;
  }
  return -1;
}

static ssize_t write_memory(pid_t thread, uint64_t address, const void *bytes, size_t size) {
  struct iovec local = {.iov_base = (void *)bytes, .iov_len = size};
  struct iovec remote = {.iov_base = (void *)(uintptr_t)address, .iov_len = size};
  return process_vm_writev(thread, &local, 1, &remote, 1, 0);
}

int spawntrace_borrow(pid_t thread, const struct sock_filter *filter, uint16_t length,
                      struct spawntrace_borrowed *borrowed) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) < 0) return errno;
  if (registers.cs != user_code_segment) return ENOEXEC;
  long long result = (long long)registers.rax;
  if ((long long)registers.orig_rax >= 0 && result >= first_restart && result <= last_restart)
    return EAGAIN;
  memcpy(borrowed->registers, &registers, sizeof registers);

  size_t filter_size = length * sizeof *filter;
  size_t size = filter_size + sizeof(struct sock_fprog);
  if (size > sizeof borrowed->before) return E2BIG;
  uint64_t scratch = (registers.rsp - red_zone - size) & ~15ull;
  struct iovec local = {.iov_base = borrowed->before, .iov_len = size};
  struct iovec remote = {.iov_base = (void *)(uintptr_t)scratch, .iov_len = size};
  if (process_vm_readv(thread, &local, 1, &remote, 1, 0) != (ssize_t)size) return EFAULT;
  borrowed->scratch = scratch;
  borrowed->scratch_size = (uint32_t)size;

  unsigned char bytes[sizeof borrowed->before];
  memcpy(bytes, filter, filter_size);
  struct sock_fprog program = {.len = length, .filter = (struct sock_filter *)(uintptr_t)scratch};
  memcpy(bytes + filter_size, &program, sizeof program);
  if (ptrace(PTRACE_GETSIGMASK, thread, sizeof(uint64_t), &borrowed->signal_mask) < 0) return errno;
  if (write_memory(thread, scratch, bytes, size) != (ssize_t)size) return EFAULT;
  uint64_t all = ~0ull;
  if (ptrace(PTRACE_SETSIGMASK, thread, sizeof all, &all) < 0) return errno;
  return 0;
}

int spawntrace_borrowed_call(pid_t thread, const struct spawntrace_borrowed *borrowed,
                             uint64_t instruction, long number, uint64_t first, uint64_t second,
                             uint64_t third) {
  struct user_regs_struct registers;
  memcpy(&registers, borrowed->registers, sizeof registers);
  registers.rip = instruction;
  registers.rax = (unsigned long long)number;
  registers.orig_rax = (unsigned long long)-1;  // nothing is to be restarted
  registers.rdi = first;
  registers.rsi = second;
  registers.rdx = third;
  registers.r10 = registers.r8 = registers.r9 = 0;
  return ptrace(PTRACE_SETREGS, thread, NULL, &registers) < 0 ? errno : 0;
}

int spawntrace_borrowed_seccomp(pid_t thread, const struct spawntrace_borrowed *borrowed,
                                uint64_t instruction, uint64_t flags) {
  uint64_t program = borrowed->scratch + borrowed->scratch_size - sizeof(struct sock_fprog);
  return spawntrace_borrowed_call(thread, borrowed, instruction, SYS_seccomp,
                                  SECCOMP_SET_MODE_FILTER, flags, program);
}

int spawntrace_borrowed_result(pid_t thread, int64_t *result) {
  struct user_regs_struct registers;
  if (ptrace(PTRACE_GETREGS, thread, NULL, &registers) < 0) return errno;
  *result = (int64_t)registers.rax;
  return 0;
}

int spawntrace_give_back(pid_t thread, const struct spawntrace_borrowed *borrowed) {
  write_memory(thread, borrowed->scratch, borrowed->before, borrowed->scratch_size);
  struct user_regs_struct registers;
  memcpy(&registers, borrowed->registers, sizeof registers);
  int error = 0;
  if (ptrace(PTRACE_SETREGS, thread, NULL, &registers) < 0) error = errno;
  uint64_t mask = borrowed->signal_mask;
  if (ptrace(PTRACE_SETSIGMASK, thread, sizeof mask, &mask) < 0) error = errno;
  return error;
}

#endif
