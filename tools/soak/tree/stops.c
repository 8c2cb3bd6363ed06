// Scenario: a child is stopped and continued.
#include "tree.h"

static void *wait_in_thread(void *argument) {
  unsigned kind = (unsigned)(uintptr_t)argument;
  for (;;) {
    if (kind == 0) pause();
    else if (kind == 1) getppid();
    else usleep(50);
  }
  return NULL;
}

void stops(void) {
  unsigned how = pick(4), ending = pick(5), rounds = 1 + pick(3), threads = pick(2) ? pick(4) : 0;
  bool by_signal = !in_thread && pick(2), at_once = ending != 3 && pick(2);
  int number = how == 2 ? SIGTSTP : how == 3 && pick(2) ? SIGTTIN : SIGSTOP;
  struct gate ready = gate_make(), go = gate_make();
  if (by_signal) mask(SIG_BLOCK, SIGCHLD);
  pid_t child = make("stopped");
  if (child == 0) {
    mask(SIG_UNBLOCK, SIGCHLD);
    // Its own group isn't orphaned, because its parent is in the session.
    setpgid(0, 0);
    if (ending == 3) on(SIGCONT, note, SA_RESTART);
    for (unsigned i = 0; i < threads; i++) {
      pthread_t thread;
      pthread_create(&thread, NULL, wait_in_thread, (void *)(uintptr_t)pick(3));
    }
    gate_open(&ready);
    for (unsigned i = 0; i < rounds; i++) {
      if (how >= 2) raise_here(number);
      if (!gate_wait(&go)) _exit(9);
    }
    if (ending == 3) {
      // The handler may have run in the middle of the last wait, or just after it.
      while (record_count == 0) usleep(100);
      say("continued %s", sig(records[0].signal));
    }
    end_somehow();
  }
  if (!at_once || how >= 2) gate_wait(&ready);
  for (unsigned i = 0; i < rounds && child > 0; i++) {
    siginfo_t info;
    if (how == 0 || how == 1) {
      // The second signal changes nothing.
      kill(child, number);
      if (how == 1) kill(child, number);
    }
    if (by_signal) {
      sigset_t chld;
      sigemptyset(&chld);
      sigaddset(&chld, SIGCHLD);
      sigwaitinfo(&chld, &info);
      say_record("notified", record_of(&info), child);
    }
    memset(&info, 0, sizeof info);
    if (pick(2)) {
      int status = 0;
      waitpid(child, &status, WUNTRACED);
      say_status("it", status);
    } else {
      waitid(P_PID, (id_t)child, &info, WSTOPPED);
      say_info("it", "stopped", &info, child);
    }
    memset(&info, 0, sizeof info);
    int result = waitid(P_PID, (id_t)child, &info, WSTOPPED | WCONTINUED | WEXITED | WNOHANG);
    say_info("it", result ? why(errno) : "nothing more", &info, child);
    if (ending == 1 && i == rounds - 1) {
      kill(child, SIGKILL);
      break;
    }
    if (ending == 2 && i == rounds - 1) kill(child, SIGTERM);
    kill(child, SIGCONT);
    if (ending == 2 && i == rounds - 1) break;
    if (by_signal) {
      sigset_t chld;
      sigemptyset(&chld);
      sigaddset(&chld, SIGCHLD);
      sigwaitinfo(&chld, &info);
      say_record("notified", record_of(&info), child);
    }
    memset(&info, 0, sizeof info);
    waitid(P_PID, (id_t)child, &info, WCONTINUED);
    say_info("it", "continued", &info, child);
    gate_open(&go);
  }
  await(child, "it");
  if (by_signal) {
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    siginfo_t info;
    if (ending != 2) {
      sigtimedwait(&chld, &info, &(struct timespec){.tv_sec = 5});
      say_record("notified", record_of(&info), child);
    } else {
      // It depends on timing whether SIGCHLD for continuing comes before the end.
      while (sigtimedwait(&chld, &info, &(struct timespec){0}) > 0) {
      }
    }
    mask(SIG_UNBLOCK, SIGCHLD);
  }
  gate_close(&ready), gate_close(&go);
}
