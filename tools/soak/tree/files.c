// Scenarios: pipes, and opened files.
#include "tree.h"

void pipes(void) {
  int ends[2];
  struct gate gate = gate_make();
  if (pipe2(ends, pick(2) ? O_CLOEXEC : 0)) return;
  unsigned kind = pick(4), size = 1 + pick(200000);
  bool ignores = pick(2);
  pid_t writer = make("writer");
  if (writer == 0) {
    close(ends[0]);
    if (ignores) set(SIGPIPE, SIG_IGN);
    char bytes[3000];
    unsigned sent = 0;
    if (kind == 0) gate_wait(&gate);  // the reader is gone by now
    while (kind == 0 || kind == 1 || sent < size) {
      unsigned count = 1 + pick(sizeof bytes);
      if (kind >= 2 && count > size - sent) count = size - sent;
      for (unsigned i = 0; i < count; i++) bytes[i] = (char)(sent + i);
      ssize_t result = write(ends[1], bytes, count);
      if (result < 0) {
        say("write: %s", why(errno));
        _exit(5);
      }
      sent += (unsigned)result;
    }
    _exit(0);
  }
  close(ends[1]);
  if (kind == 0) {
    close(ends[0]);
    gate_open(&gate);
  } else {
    unsigned limit = kind == 1 ? size : UINT32_MAX, got = 0, sum = 0;
    uint8_t bytes[5000];
    ssize_t count;
    while (got < limit && (count = read(ends[0], bytes, got + sizeof bytes > limit ? limit - got : sizeof bytes)) > 0) {
      for (ssize_t i = 0; i < count; i++) sum = sum * 31 + bytes[i];
      got += (unsigned)count;
    }
    say("read %u bytes, sum %08x", got, sum);
    close(ends[0]);
  }
  await(writer, "writer");
  gate_close(&gate);
}

static volatile int storm_done;

void *open_often(void *argument) {
  struct opener *opener = argument;
  for (unsigned i = 0; i < opener->count; i++) {
    bool missing = (opener->seed >> (i % 60)) % 4 == 3;
    int descriptor = i % 3 == 2 ? openat(AT_FDCWD, missing ? "missing" : "data", O_RDONLY | O_CLOEXEC)
                                : open(missing ? "missing" : "data", O_RDONLY | O_CLOEXEC);
    if (missing) {
      if (descriptor >= 0 || errno != ENOENT) opener->failures++, opener->error = errno;
      continue;
    }
    if (descriptor < 0) {
      opener->failures++, opener->error = errno;
      continue;
    }
    char text[4] = "";
    if (read(descriptor, text, 4) != 4 || memcmp(text, "data", 4)) opener->wrong++;
    close(descriptor);
    int ends[2];
    if (i % 8 == 0) {
      if (pipe2(ends, O_CLOEXEC)) opener->failures++, opener->error = errno;
      else close(ends[0]), close(ends[1]);
    }
    if (i % 8 == 1 && (syscall(SYS_tgkill, getpid(), 0x7ffffff0, SIGKILL) == 0 || errno != ESRCH))
      opener->failures++, opener->error = errno;
  }
  __sync_fetch_and_add(&storm_done, 1);
  return NULL;
}

// Opens that the filter selects, from several threads, while signals arrive.
void opens(void) {
  storm_done = 0;
  unsigned count = 1 + pick(4), way = pick(3);
  on(SIGUSR1, note, pick(2) ? SA_RESTART : 0);
  on(SIGUSR2, note, SA_NODEFER);
  struct opener openers[4];
  pthread_t threads[4];
  for (unsigned i = 0; i < count; i++) {
    openers[i] = (struct opener){.count = 20 + pick(60), .seed = roll()};
    if (pthread_create(&threads[i], NULL, open_often, &openers[i])) _exit(97);
  }
  unsigned pause_length = pick(100);
  while (storm_done < (int)count) {
    for (unsigned i = 0; i < count && way == 0; i++) pthread_kill(threads[i], SIGUSR1);
    if (way == 1) kill(getpid(), SIGUSR2);
    if (way == 2) sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1});
    usleep(pause_length);
  }
  for (unsigned i = 0; i < count; i++) {
    pthread_join(threads[i], NULL);
    say("opened %u: %u failed, %s, %u wrong", openers[i].count, openers[i].failures, why(openers[i].error),
        openers[i].wrong);
  }
  set(SIGUSR1, SIG_IGN), set(SIGUSR2, SIG_IGN);
  set(SIGUSR1, SIG_DFL), set(SIGUSR2, SIG_DFL);
  record_count = 0;
  // The kernel, not the tracer, must refuse unreadable memory.
  const char *volatile nothing = NULL;
  char *pages = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  mprotect(pages + 4096, 4096, PROT_NONE);
  memcpy(pages + 4091, "data", 5);
  int descriptor = open(pages + 4091, O_RDONLY | O_CLOEXEC);
  say("open at the end of a page: %s", descriptor < 0 ? why(errno) : "ok");
  if (descriptor >= 0) close(descriptor);
  memset(pages + 4092, 'x', 4);
  say("open past it: %s", open(pages + 4092, O_RDONLY | O_CLOEXEC) < 0 ? why(errno) : "ok");
  munmap(pages, 8192);
  say("open of nothing: %s", open(nothing, O_RDONLY | O_CLOEXEC) < 0 ? why(errno) : "ok");
  say("open in a bad folder: %s", openat(77, "data", O_RDONLY | O_CLOEXEC) < 0 ? why(errno) : "ok");
  say("bind: %s", bind(77, (struct sockaddr *)8, 110) ? why(errno) : "ok");
  say("write: %s", write(77, path, 13) < 0 ? why(errno) : "ok");
  say("kill: %s", kill(0x7ffffff0, SIGKILL) ? why(errno) : "ok");
}
