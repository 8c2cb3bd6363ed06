// Scenarios: threads that start processes, and a lock of a dead process.
#include "tree.h"

struct worker {
  uint64_t seed;
  unsigned kind;
  int result;
};

static void *work(void *argument) {
  struct worker *worker = argument;
  int status = 0;
  switch (worker->kind) {
    case 0: worker->result = 1; break;
    case 1: {
      pid_t child = fork();
      if (child == 0) _exit((int)(worker->seed % 200));
      waitpid(child, &status, 0);
      worker->result = WEXITSTATUS(status);
      break;
    }
    case 2: {
      pid_t child;
      char *list[] = {(char *)program, "nothing", NULL};
      if (posix_spawn(&child, program, NULL, NULL, list, environ)) break;
      waitpid(child, &status, 0);
      worker->result = WEXITSTATUS(status);
      break;
    }
    case 3: pthread_exit((void *)1);
    default: {
      int descriptor = open("data", O_RDONLY | O_CLOEXEC);
      worker->result = descriptor >= 0 ? 2 : -errno;
      if (descriptor >= 0) close(descriptor);
    }
  }
  return NULL;
}

void threads(void) {
  for (unsigned turn = 1 + pick(4); turn > 0; turn--) {
    struct worker workers[5];
    pthread_t ids[5];
    unsigned count = 1 + pick(5);
    for (unsigned i = 0; i < count; i++) {
      workers[i] = (struct worker){.seed = roll(), .kind = pick(5)};
      if (pthread_create(&ids[i], NULL, work, &workers[i])) say("thread: no");
    }
    for (unsigned i = 0; i < count; i++) {
      void *result;
      pthread_join(ids[i], &result);
      say("thread of kind %u: %d %d", workers[i].kind, workers[i].result, (int)(intptr_t)result);
    }
  }
}

// A robust lock with an owner that dies.
void robust_lock(void) {
  pthread_mutex_t *lock = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pthread_mutexattr_t attributes;
  pthread_mutexattr_init(&attributes);
  pthread_mutexattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
  pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST);
  pthread_mutex_init(lock, &attributes);
  uint64_t seed = roll();
  pid_t child = fork();
  if (child == 0) {
    descend("owner", seed);
    pthread_mutex_lock(lock);
    end_somehow();
  }
  await(child, "owner");
  say("lock: %s", why(pthread_mutex_lock(lock)));
  pthread_mutex_consistent(lock);
  pthread_mutex_unlock(lock);
  munmap(lock, 4096);
}
