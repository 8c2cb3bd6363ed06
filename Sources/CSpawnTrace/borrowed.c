#include "borrowed.h"

#include <elf.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <string.h>
#include <sys/auxv.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/user.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

int spawntrace_action_available(uint32_t action) {
  return syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action) ? errno : 0;
}

int spawntrace_copy_descriptor(pid_t process, int descriptor) {
  int pidfd = (int)syscall(SYS_pidfd_open, process, 0);
  if (pidfd < 0) return -errno;
  int copy = (int)syscall(SYS_pidfd_getfd, pidfd, descriptor, 0);
  int error = errno;
  close(pidfd);
  return copy < 0 ? -error : copy;
}

#if defined(__x86_64__)

_Static_assert(sizeof(struct user_regs_struct) ==
                   sizeof(((struct spawntrace_borrowed *)0)->registers),
               "the registers as the kernel gives them");

// Below it a function without a frame may keep things (System V psABI, "The Stack Frame").
enum { red_zone = 128 };

// CS of code of 64 bits (arch/x86/include/asm/segment.h, __USER_CS).
enum { user_code_segment = 0x33 };

// What the kernel returns to itself where a call is to be made again (include/linux/errno.h).
enum { first_restart = -516, last_restart = -512 };

bool spawntrace_can_borrow(void) {
  return syscall(SYS_pidfd_getfd, -1, -1, 0) < 0 && errno == EBADF &&
         spawntrace_borrowed_instruction() >= 0;
}

int64_t spawntrace_borrowed_instruction(void) {
  const unsigned char *vdso = (const unsigned char *)getauxval(AT_SYSINFO_EHDR);
  if (!vdso) return -1;
  // One segment holds all of it, and begins where it does. The two bytes are the instruction wherever
  // they stand: what follows them is never executed.
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

#else

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
