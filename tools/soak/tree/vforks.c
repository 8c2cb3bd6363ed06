// Scenario: vfork.
#include "tree.h"

static void *vfork_there(void *argument) {
  volatile int *value = argument;
  pid_t child = vfork();
  if (child == 0) {
    usleep(1000);
    *value = 5;
    _exit(6);
  }
  int seen = *value;
  int status = 0;
  waitpid(child, &status, 0);
  return (void *)(intptr_t)(seen * 1000 + WEXITSTATUS(status));
}

void vforks(void) {
  volatile int value = 0;
  struct arguments arguments;
  char **list = arguments_for(&arguments, "leaf", "v", roll(), 0);
  unsigned kind = pick(5);
  pid_t child;
  switch (kind) {
    case 0:
    case 1: {
      unsigned length = pick(2000);
      int number = any_deadly();
      child = vfork();
      if (child == 0) {
        usleep(length);
        value = 3;
        if (kind == 1) {
          syscall(SYS_kill, getpid(), number);
          usleep(1000);
        }
        _exit(8);
      }
      // The parent stood still while the child used its memory.
      say("seen %d", value);
      await(child, "v");
      break;
    }
    case 2: {
      pthread_t threads[3];
      volatile int values[3] = {0};
      for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, vfork_there, (void *)&values[i]);
      for (int i = 0; i < 3; i++) {
        void *result;
        pthread_join(threads[i], &result);
        say("in a thread %d", (int)(intptr_t)result);
      }
      break;
    }
    case 3: {
      // Signals for a process that waits for its vfork child.
      struct shared *shared = share_make();
      pid_t middle = make("middle");
      if (middle == 0) {
        on(SIGUSR1, note, 0);
        shared->flag[1] = 1;
        child = vfork();
        if (child == 0) {
          while (!shared->flag[0]) usleep(100);
          execve(program, list, environ);
          _exit(95);
        }
        say("handled %d", record_count > 0);
        await(child, "v");
        _exit(0);
      }
      until(&shared->flag[1]);
      usleep(300);
      for (int i = 0; i < 3; i++) kill(middle, SIGUSR1);
      if (pick(2)) kill(middle, SIGSTOP), usleep(300), kill(middle, SIGCONT);
      shared->flag[0] = 1;
      await(middle, "middle");
      munmap(shared, sizeof *shared);
      break;
    }
    default: {
      // The parent is killed while its vfork child still runs in its memory.
      prctl(PR_SET_CHILD_SUBREAPER, 1);
      struct shared *shared = share_make();
      pid_t middle = make("middle");
      if (middle == 0) {
        child = vfork();
        if (child == 0) {
          shared->pid[0] = (pid_t)syscall(SYS_getpid);
          while (!shared->flag[0]) usleep(100);
          execve(program, list, environ);
          _exit(95);
        }
        for (;;) pause();
      }
      until(&shared->pid[0]);
      kill(middle, SIGKILL);
      await(middle, "middle");
      shared->flag[0] = 1;
      await(shared->pid[0], "v");
      prctl(PR_SET_CHILD_SUBREAPER, 0);
      munmap(shared, sizeof *shared);
    }
  }
}
