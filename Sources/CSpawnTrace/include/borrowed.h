#ifndef SPAWNTRACE_BORROWED_H
#define SPAWNTRACE_BORROWED_H

#include <linux/filter.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

// A stopped thread makes system calls for us, between two instructions of its own: a process can
// only install a seccomp filter on itself. Its registers, its signal mask and the memory below its
// stack are restored before it runs on. Each function returns 0 or the errno. Only x86_64 has them
// so far.

/// PR_SET_NO_NEW_PRIVS of prctl(2).
enum { spawntrace_no_new_privileges = 38 };

/// The state that a thread gets back.
struct spawntrace_borrowed {
  uint64_t signal_mask;
  /// The address to which the filter was written, and the bytes that were there before.
  uint64_t scratch;
  uint32_t scratch_size;
  unsigned char before[2048];
  /// struct user_regs_struct.
  uint64_t registers[27];
};

/// Whether threads can be borrowed on this architecture, and the kernel can copy their descriptors
/// (pidfd_getfd(2), kernel 5.6).
bool spawntrace_can_borrow(void);

/// The distance from the beginning of the vDSO to a `syscall` instruction in it, the same in every
/// process of 64 bits; -1 if there is none.
int64_t spawntrace_borrowed_instruction(void);

/// Keeps the registers of a stopped thread that is about to return to its program, blocks its
/// signals (PTRACE_SETSIGMASK), and writes the filter below its stack's red zone. EAGAIN: it stands
/// in a system call that is to be restarted. ENOEXEC: it runs code of 32 bits. The thread may have
/// stopped in the middle of a system call's end; its result is kept.
int spawntrace_borrow(pid_t thread, const struct sock_filter *_Nonnull filter, uint16_t length,
                      struct spawntrace_borrowed *_Nonnull borrowed);

/// Sets the registers for a call by the instruction at `instruction`. spawntrace_continue_to_call
/// then runs the thread to the call's beginning, and once more to its end.
int spawntrace_borrowed_call(pid_t thread, const struct spawntrace_borrowed *_Nonnull borrowed,
                             uint64_t instruction, long number, uint64_t first, uint64_t second,
                             uint64_t third);

/// seccomp(2) with the filter that spawntrace_borrow has written, and these flags.
int spawntrace_borrowed_seccomp(pid_t thread, const struct spawntrace_borrowed *_Nonnull borrowed,
                                uint64_t instruction, uint64_t flags);

/// The call's result: a value, or a negative errno.
int spawntrace_borrowed_result(pid_t thread, int64_t *_Nonnull result);

/// Restores everything.
int spawntrace_give_back(pid_t thread, const struct spawntrace_borrowed *_Nonnull borrowed);

/// pidfd_open(2), pidfd_getfd(2): a copy of another process's descriptor, closed on exec, or the
/// negative errno.
int spawntrace_copy_descriptor(pid_t process, int descriptor);

/// Whether the kernel knows an action of seccomp filters, SECCOMP_RET_USER_NOTIF or
/// SECCOMP_RET_TRACE, and lets this process ask: 0 or the errno (SECCOMP_GET_ACTION_AVAIL).
int spawntrace_action_available(uint32_t action);

#endif
