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

/// O_PATH of open(2), which Swift imports only with _GNU_SOURCE.
static const int32_t spawntrace_path_only = 010000000;

#if defined(__x86_64__)
static const uint32_t spawntrace_audit_architecture = AUDIT_ARCH_X86_64;
#elif defined(__aarch64__)
static const uint32_t spawntrace_audit_architecture = AUDIT_ARCH_AARCH64;
#endif

#endif
