#include "process.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

static char *none[] = {NULL};
static int argument_count;
static char **arguments = none;

// glibc gives constructors what main gets (elf/dl-init.c, csu/libc-start.c).
__attribute__((constructor)) static void keep_arguments(int count, char **values) {
  argument_count = count;
  arguments = values;
}

int spawntrace_argument_count(void) { return argument_count; }

char **spawntrace_arguments(void) { return arguments; }

bool spawntrace_has_thread(pid_t process, pid_t thread) {
  return syscall(SYS_tgkill, process, thread, 0) == 0 || errno == EPERM;
}

bool spawntrace_has_proc(void) {
  struct statfs status;
  return statfs("/proc", &status) == 0 && status.f_type == PROC_SUPER_MAGIC;
}
