#ifndef SPAWNTRACE_CALLS_H
#define SPAWNTRACE_CALLS_H

// Numbers and constants for filters; Swift imports these macros as they are.
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdint.h>
#include <sys/syscall.h>

/// CLONE_THREAD of clone(2).
static const uint64_t spawntrace_clone_thread = 0x00010000;

#if defined(__x86_64__)
static const uint32_t spawntrace_audit_architecture = AUDIT_ARCH_X86_64;
static const int32_t spawntrace_call_open = SYS_open;
static const int32_t spawntrace_call_fork = SYS_fork;
static const int32_t spawntrace_call_vfork = SYS_vfork;
#elif defined(__aarch64__)
static const uint32_t spawntrace_audit_architecture = AUDIT_ARCH_AARCH64;
/// aarch64 has only openat and clone.
static const int32_t spawntrace_call_open = -1;
static const int32_t spawntrace_call_fork = -1;
static const int32_t spawntrace_call_vfork = -1;
#endif

#endif
