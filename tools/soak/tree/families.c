// Scenarios: orphans, heirs, process groups and PID namespaces.
#include "tree.h"

// Double forks. This process is the subreaper (the heir) of the orphans.
void orphans(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  unsigned count = 1 + pick(3);
  struct shared *shared = share_make();
  struct gate gate = gate_make();
  bool new_session = pick(2), late = pick(2);
  pid_t heir = getpid();
  pid_t middle = make("middle");
  if (middle == 0) {
    for (unsigned i = 0; i < count; i++) {
      char name[8];
      snprintf(name, sizeof name, "o%u", i);
      pid_t orphan = make(name);
      if (orphan == 0) {
        if (new_session) setsid();
        if (late) gate_wait(&gate);
        else
          while (getppid() != heir) usleep(100);
        say("heir %d, session %d, group %d", getppid() == heir, getsid(0) == getpid(), getpgrp() == getpid());
        if (pick(3) == 0) {
          struct arguments arguments;
          execute(arguments_for(&arguments, "leaf", "x", roll(), 0));
        }
        end_somehow();
      }
      shared->pid[i] = orphan;
    }
    end_somehow();
  }
  if (late) {
    await(middle, "middle");
    middle = 0;
    for (unsigned i = 0; i < count; i++) gate_open(&gate);
  }
  int statuses[4] = {0};
  for (unsigned left = count + (middle > 0); left > 0; left--) {
    int status;
    pid_t gone = waitpid(-1, &status, 0);
    if (gone == middle) say_status("middle", status);
    for (unsigned i = 0; i < count; i++)
      if (gone == shared->pid[i]) statuses[i] = status | 1 << 30;
  }
  for (unsigned i = 0; i < count; i++)
    say("orphan %u: awaited %d, %x", i, statuses[i] >> 30 & 1, (unsigned)statuses[i] & 0xffff);
  say("then: %s", waitpid(-1, NULL, WNOHANG) < 0 ? why(errno) : "more");
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  gate_close(&gate);
  munmap(shared, sizeof *shared);
}

// A child that gets a signal at its parent's death, or is stopped while its group becomes orphaned.
void deaths_of_parents(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct shared *shared = share_make();
  bool stopped = pick(2);
  static const int numbers[] = {SIGTERM, SIGKILL, SIGUSR1, SIGHUP};
  int number = numbers[pick(4)];
  pid_t middle = make("middle");
  if (middle == 0) {
    // The end of this process orphans the child's group only if the heir is in another session.
    if (stopped) setsid();
    pid_t child = make("child");
    if (child == 0) {
      if (stopped) {
        setpgid(0, 0);
        shared->flag[0] = 1;
        raise_here(SIGSTOP);
      } else {
        prctl(PR_SET_PDEATHSIG, number);
        shared->flag[0] = 1;
      }
      for (;;) pause();
    }
    shared->pid[0] = child;
    if (stopped) {
      int status = 0;
      waitpid(child, &status, WUNTRACED);
      say_status("child", status);
    }
    until(&shared->flag[0]);
    // It doesn't end by a signal, which would reach the child, too.
    _exit(4);
  }
  await(middle, "middle");
  await(shared->pid[0], "child");
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  munmap(shared, sizeof *shared);
}

void ways_to_wait(void) {
  struct gate gate = gate_make();
  pid_t group = 0, children[3];
  unsigned count = 1 + pick(3);
  for (unsigned i = 0; i < count; i++) {
    char name[8];
    snprintf(name, sizeof name, "w%u", i);
    children[i] = make(name);
    if (children[i] == 0) {
      gate_wait(&gate);
      // The group exists even if its leader is gone.
      end_somehow();
    }
    setpgid(children[i], group);
    if (i == 0) group = children[0];
  }
  int status = 77;
  say("not yet: %d", waitpid(children[0], &status, WNOHANG));
  siginfo_t info;
  memset(&info, 0, sizeof info);
  say("not yet: %d", waitid(P_PGID, (id_t)group, &info, WEXITED | WNOHANG | WNOWAIT));
  say_info("none", "seen", &info, -1);
  say("wrong group: %s", waitpid(-getpid(), NULL, WNOHANG) < 0 ? why(errno) : "ok");
  say("clones only: %s", waitpid(children[0], NULL, WNOHANG | __WCLONE) < 0 ? why(errno) : "ok");
  for (unsigned i = 0; i < count; i++) gate_open(&gate);
  for (unsigned i = 0; i < count; i++) {
    char name[8];
    snprintf(name, sizeof name, "w%u", i);
    await(children[i], name);
  }
  say("no more: %s", waitpid(-group, NULL, 0) < 0 ? why(errno) : "ok");
  say("no more: %s", kill(children[0], 0) ? why(errno) : "ok");
  gate_close(&gate);
}

void groups(void) {
  prctl(PR_SET_CHILD_SUBREAPER, 1);
  struct shared *shared = share_make();
  bool new_session = pick(2);
  int number = any_deadly();
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGUSR1);
  pthread_sigmask(SIG_BLOCK, &signals, NULL);
  shared->pid[10] = getpid();
  pid_t leader = make("leader");
  if (leader == 0) {
    if (new_session) setsid();
    else setpgid(0, 0);
    unsigned index = 0;
    for (unsigned i = 1; i < 4 && index == 0; i++) {
      char name[8];
      snprintf(name, sizeof name, "g%u", i);
      pid_t member = make(name);
      if (member == 0) index = i;
      else shared->pid[i] = member;
    }
    pid_t heir = shared->pid[10];
    shared->flag[index] = 1;
    siginfo_t info;
    sigwaitinfo(&signals, &info);
    say("heard %s code %d from %s", sig(info.si_signo), info.si_code, info.si_pid == heir ? "the heir" : "another");
    mask(SIG_UNBLOCK, SIGUSR1);
    shared->flag[index + 4] = 1;
    for (;;) pause();
  }
  shared->pid[0] = leader;
  for (int i = 0; i < 4; i++) until(&shared->flag[i]);
  // The leader may not have noted its last member yet, although that member is running already.
  while (!shared->pid[3]) usleep(100);
  kill(-leader, SIGUSR1);
  for (int i = 4; i < 8; i++) until(&shared->flag[i]);
  say("killpg: %s", killpg(leader, number) ? why(errno) : "ok");
  int statuses[4] = {0};
  for (int i = 0; i < 4; i++) {
    int status;
    pid_t gone = waitpid(-1, &status, 0);
    for (int j = 0; j < 4; j++)
      if (gone == shared->pid[j]) statuses[j] = status;
  }
  for (int i = 0; i < 4; i++) say_status("member", statuses[i]);
  say("killpg: %s", killpg(leader, 0) ? why(errno) : "ok");
  pthread_sigmask(SIG_UNBLOCK, &signals, NULL);
  prctl(PR_SET_CHILD_SUBREAPER, 0);
  munmap(shared, sizeof *shared);
}

// A PID namespace. The end of its first process ends the others.
void namespaces(void) {
  struct shared *shared = share_make();
  unsigned kind = pick(3);
  uint64_t seed = roll();
  struct arguments arguments;
  pid_t first = (pid_t)syscall(SYS_clone, CLONE_NEWPID | SIGCHLD, NULL, NULL, NULL, NULL);
  if (first < 0) say("namespace: %s", why(errno));
  if (first == 0) {
    descend("ns", seed);
    say("number %d, parent %d", getpid(), getppid());
    for (int i = 0; i < 3; i++) {
      pid_t child = fork();
      if (child == 0) {
        if (i == 2) execve(program, arguments_for(&arguments, "leaf", "x", seed, 0), environ);
        shared->flag[i] = 1;
        for (;;) pause();
      }
      say("child %d", child);
      if (i == 2) await(child, "leaf");
    }
    until(&shared->flag[0]), until(&shared->flag[1]);
    if (kind == 0) {
      kill(2, SIGTERM);
      await(2, "second");
    }
    shared->flag[4] = 1;
    if (kind != 1) _exit(21);
    for (;;) pause();
  }
  if (first > 0) {
    until(&shared->flag[4]);
    if (kind == 1) kill(first, SIGKILL);
    await(first, "ns");
  }
  munmap(shared, sizeof *shared);
}
