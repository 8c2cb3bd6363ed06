internal import Foundation
internal import TestSupport
internal import Testing

/// Programs that leave the namespaces in which they were started. If the kernel or a container
/// forbids that, it does so in both runs.
struct NamespaceTests {
  @Test(arguments: TracingMechanism.allCases)
  func `a user namespace`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        int main(void) {
          char text[32];
          snprintf(text, sizeof text, "0 %d 1\\n", getuid());
          if (unshare(CLONE_NEWUSER) < 0) {
            puts(strerrorname_np(errno));
            return 0;
          }
          printf("user %d, group %d\\n", getuid(), getgid());
          int file = open("/proc/self/uid_map", O_WRONLY);
          printf("mapped %d", write(file, text, strlen(text)) == (ssize_t)strlen(text));
          printf(", user %d\\n", getuid());
          if (fork() == 0) execl("/bin/sh", "sh", "-c", "id -u; exit 3", NULL);
          int status;
          need(wait(&status) > 0);
          report("child", status);
        }
        """, mechanism)
  }

  /// The ids inside differ from those that the tracer sees, and the end of its init ends all of it.
  @Test(arguments: TracingMechanism.allCases)
  func `a PID namespace`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        int main(void) {
          if (unshare(CLONE_NEWPID) < 0) {
            puts(strerrorname_np(errno));
            return 0;
          }
          pid_t first = fork();
          if (first == 0) {
            printf("first: %d, parent %d\\n", getpid(), getppid());
            if (fork() == 0) {
              printf("second: %d, parent %d\\n", getpid(), getppid());
              if (fork() == 0) {
                while (getppid() != 1) sched_yield();
                need(open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0);
                _exit(40 + getpid());
              }
              _exit(3);
            }
            // The third becomes this one's child when the second ends.
            report("2 ended", waited(2, 0));
            report("3 ended", waited(3, 0));
            // A signal that an init has no handler for is none; those that are left end with it.
            kill(1, SIGTERM);
            for (int i = 0; i < 3; i++)
              if (fork() == 0) opener(NULL);
            thread(sleeper, NULL);
            _exit(5);
          }
          report("init", waited(first, 0));
          need(fork() < 0);
          puts(strerrorname_np(errno));
        }
        """, mechanism)
    let processes = try #require(run.report).processes
    #expect(!processes.isEmpty && processes.allSatisfy { $0.exit != nil })
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a mount namespace`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    try FileManager.default.createDirectory(
      atPath: folder.file("place"), withIntermediateDirectories: false)
    try expectSame(
      program: """
        #include <sys/mount.h>
        int main(void) {
          if (unshare(CLONE_NEWNS) < 0) {
            puts(strerrorname_np(errno));
            return 0;
          }
          printf("private %d\\n", mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
          printf("mounted %d\\n", mount("none", "place", "tmpfs", 0, NULL));
          int file = open("place/tool", O_WRONLY | O_CREAT | O_CLOEXEC, 0777);
          need(write(file, "#!/bin/sh\\necho \\"ran $0\\"\\nexit 8\\n", 31) == 31 && close(file) == 0);
          // This path doesn't exist outside.
          if (fork() == 0) execl("place/tool", "place/tool", NULL);
          int status;
          need(wait(&status) > 0);
          report("tool", status);
          if (fork() == 0) {
            printf("root %d\\n", chroot("place") == 0 && chdir("/") == 0);
            printf("file %d\\n", open("/tool", O_RDONLY | O_CLOEXEC) >= 0);
            _exit(0);
          }
          need(wait(&status) > 0);
          report("below", status);
        }
        """, mechanism, in: folder.path)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.file("place")).isEmpty)
  }

  /// As containers are started without root.
  @Test(arguments: TracingMechanism.allCases)
  func `all of them at once`(_ mechanism: TracingMechanism) throws {
    try expectSame(
      program: """
        #include <sys/mount.h>
        #include <sys/utsname.h>
        int main(void) {
          int flags = CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC;
          pid_t child = syscall(SYS_clone, flags | CLONE_NEWNET | SIGCHLD, 0, 0, 0, 0);
          if (child < 0) {
            puts(strerrorname_np(errno));
            return 0;
          }
          if (child == 0) {
            struct utsname name;
            printf("process %d, user %d, leader %d\\n", getpid(), getuid(), gettid());
            printf("host name %d", sethostname("other", 5));
            uname(&name);
            printf(" %s\\n", name.nodename);
            printf("proc %d\\n", mount("proc", "/proc", "proc", 0, NULL));
            char target[64] = "";
            need(readlink("/proc/self", target, sizeof target - 1) > 0);
            printf("self %s\\n", strlen(target) < 3 ? target : "outside");
            pid_t grandchild = fork();
            if (grandchild == 0) execl("/bin/sh", "sh", "-c", "echo shell $$; exit 2", NULL);
            report("grandchild", waited(grandchild, 0));
            _exit(6);
          }
          report("child", waited(child, 0));
        }
        """, mechanism)
  }
}
