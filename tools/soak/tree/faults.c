// Scenarios: faults of the program, and a seccomp filter of its own.
#include "tree.h"

static sigjmp_buf fault_return;
static volatile int fault_signal, fault_code;
static void *volatile fault_address;

static void on_fault(int number, siginfo_t *info, void *context) {
  (void)context;
  fault_signal = number, fault_code = info->si_code, fault_address = info->si_addr;
  siglongjmp(fault_return, 1);
}

static void fault(unsigned kind) {
  switch (kind) {
    case 0: *(volatile int *)8 = 1; break;
    case 1: __builtin_trap(); break;
#if defined(__x86_64__)
    case 2: __asm__ volatile("int3"); break;
    case 3: {
      volatile int zero = 0;
      __asm__ volatile("cltd; idivl %0" : : "m"(zero), "a"(5) : "edx");
      break;
    }
#endif
    default: {
      // An access behind the file's end.
      int descriptor = open(file_name("b"), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
      unlink(file_name("b"));
      volatile char *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
      close(descriptor);
      *page = 1;
    }
  }
}

void faults(void) {
  unsigned kind = pick(5), way = pick(4);
  pid_t child = make("faulty");
  if (child == 0) {
    static const int numbers[] = {SIGSEGV, SIGILL, SIGTRAP, SIGFPE, SIGBUS};
    static char space[65536];
    if (way == 0) {
      sigaltstack(&(stack_t){.ss_sp = space, .ss_size = sizeof space}, NULL);
      on(numbers[kind], on_fault, SA_ONSTACK);
      for (int i = 0; i < 3; i++) {
        if (sigsetjmp(fault_return, 1) == 0) fault(kind);
        say("fault %s code %d address %s", sig(fault_signal), fault_code,
            kind == 0 ? (fault_address == (void *)8 ? "right" : "wrong") : "not checked");
      }
      _exit(0);
    }
    if (way == 1) mask(SIG_BLOCK, numbers[kind]);
    if (way == 2) set(numbers[kind], SIG_IGN);
    fault(kind);
    _exit(44);
  }
  await(child, "faulty");
}

static void *filter_thread(void *argument) {
  struct sock_fprog *filter = argument;
  errno = 0;
  long result = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, filter);
  return (void *)(intptr_t)(result ? errno : 0);
}

static void on_trap(int number, siginfo_t *info, void *context) {
  (void)number, (void)context;
  fault_code = info->si_code, fault_signal = info->si_syscall;
}

// A seccomp filter of the program itself, on top of the tracer's.
void own_filter(void) {
  unsigned kind = pick(4);
  pid_t child = make("filtered");
  if (child == 0) {
    uint32_t deadly_action = kind == 2 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_KILL_THREAD;
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getppid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EXDEV),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_uname, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_times, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, deadly_action),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_pipe2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EMFILE),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof code / sizeof *code, .filter = code};
    if (pick(2)) prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    say("filter: %s", why((int)(intptr_t)filter_thread(&filter)));
    on(SIGSYS, on_trap, 0);
    struct utsname name;
    say("getppid: %s", syscall(SYS_getppid) < 0 ? why(errno) : "ok");
    syscall(SYS_uname, &name);
    say("uname: code %d, call %d", fault_code, fault_signal == SYS_uname);
    int ends[2];
    say("pipe: %s", pipe2(ends, O_CLOEXEC) ? why(errno) : "ok");
    say("open: %d", open("data", O_RDONLY | O_CLOEXEC) >= 0);
    if (kind >= 2) {
      struct tms times_used;
      syscall(SYS_times, &times_used);
    }
    if (kind == 1) {
      struct arguments arguments;
      execve(program, arguments_for(&arguments, "leaf", "x", roll(), 0), environ);
    }
    _exit(2);
  }
  await(child, "filtered");
}
