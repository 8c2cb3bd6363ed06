internal import Foundation
internal import TestSupport
internal import Testing

/// What a program inherits: the same as without spawntrace.
struct InheritanceTests {
  /// Writes down each descriptor and its file. The numbers of pipes and sockets differ from run to
  /// run.
  private static let descriptors = """
    #include <dirent.h>
    int main(void) {
      char line[4096], path[64], target[256];
      int found = open("found", O_WRONLY | O_CREAT | O_TRUNC, 0666);
      for (int file = 0; file < 256; file++) {
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
        ssize_t count = readlink(path, target, sizeof target - 1);
        if (count < 0 || file == found) continue;
        target[count] = 0;
        char *name = strrchr(target, '/');
        int length = snprintf(line, sizeof line, "%d %s %#x %#x\\n", file, name ? name : target,
                              fcntl(file, F_GETFD), fcntl(file, F_GETFL));
        need(write(found, line, length) == length);
      }
      return 0;
    }
    """

  @Test(
    arguments: TracingMechanism.allCases,
    [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]])
  func `the open descriptors`(_ mechanism: TracingMechanism, closed: [Int32]) throws {
    let program = try CProgram.withPrelude(Self.descriptors)
    let folder = try ScratchFolder()
    let look = { (run: () throws -> Outcome) throws -> String in
      let outcome = try run()
      #expect(outcome.ending == "status 0")
      return try #require(folder.read("found"))
    }
    let bare = try look { try ChildProcess.run([program], in: folder.path, closing: closed) }
    #expect(bare.split(separator: "\n").count == 3 - closed.count)
    let options = mechanism.options
    let traced = try look {
      try Traced.run([program], options: options, in: folder.path, closing: closed).outcome
    }
    #expect(traced == bare)
  }

  /// Programs of the tree close some of the three: files that they open then get these numbers.
  @Test(arguments: TracingMechanism.allCases)
  func `standard descriptors that are closed inside`(_ mechanism: TracingMechanism) throws {
    let run = try expectSame(
      program: """
        static int output;
        static void print(int file, int first, int second) {
          dprintf(output, "%d, %d %d\\n", file, first, second);
        }
        int main(int count, char **arguments) {
          if (count > 1) {
            output = atoi(arguments[1]);
            print(fcntl(0, F_GETFD), fcntl(1, F_GETFD), fcntl(2, F_GETFD));
            print(read(0, NULL, 0), write(1, "", 0), write(2, "", 0));
            int file = open("/dev/null", O_RDWR | O_CLOEXEC), ends[2];
            need(pipe2(ends, O_CLOEXEC) == 0);
            print(file, ends[0], ends[1]);
            return 0;
          }
          char number[16];
          need((output = fcntl(1, F_DUPFD, 10)) >= 10);
          snprintf(number, sizeof number, "%d", output);
          for (int closed = 0; closed < 8; closed++) {
            pid_t child = fork();
            if (child == 0) {
              for (int i = 0; i < 3; i++)
                if (closed & 1 << i) close(i);
              if (fork() == 0) execl("/proc/self/exe", "again", number, NULL);
              int status;
              _exit(wait(&status) > 0 ? WEXITSTATUS(status) : 99);
            }
            dprintf(output, "exited %d\\n", WEXITSTATUS(waited(child, 0)));
          }
        }
        """, mechanism)
    #expect(run.outcome.standardOutput.hasSuffix("-1, -1 -1\n-1, -1 -1\n0, 1 2\nexited 0\n"))
  }

  /// Descriptors of the caller that aren't closed on exec reach the program.
  @Test(arguments: TracingMechanism.allCases)
  func `further descriptors`(_ mechanism: TracingMechanism) throws {
    let script = "exec 5</dev/null 9>/dev/zero; exec \"$@\""
    let loop = "for f in 3 4 5 6 7 8 9; do readlink /proc/$$/fd/$f || echo none; done"
    let list = ["sh", "-c", loop]
    let bare = try ChildProcess.run(["sh", "-c", script, "sh"] + list)
    let traced = try ChildProcess.run(
      ["sh", "-c", script, "sh", Traced.binary, "run"] + mechanism.options + ["--"] + list)
    #expect(bare.standardOutput == "none\nnone\n/dev/null\nnone\nnone\nnone\n/dev/zero\n")
    #expect(traced.standardOutput == bare.standardOutput)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `arguments, environment and working directory`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let arguments = ["", "-x", "--", "--json", "a b", "ä\n", "\u{7f}"]
    try expectSame(
      program: """
        static int order(const void *a, const void *b) {
          return strcmp(*(char **)a, *(char **)b);
        }
        int main(int count, char **arguments) {
          for (int i = 0; i < count; i++) printf("[%s]\\n", arguments[i]);
          // Each run of a test has the same variables in another order.
          size_t variables = 0;
          while (environ[variables]) variables++;
          qsort(environ, variables, sizeof *environ, order);
          for (char **variable = environ; *variable; variable++) puts(*variable);
          puts(getcwd(NULL, 0));
        }
        """, arguments: arguments, mechanism, in: folder.path, environment: ["SOME": "thing\nelse"])
  }

  @Test(arguments: TracingMechanism.allCases)
  func `input and output`(_ mechanism: TracingMechanism) throws {
    let text = (0..<5000).map { "line \($0)\n" }.joined()
    try expectSame(["cat"], mechanism, printing: text, input: text)
    try expectSame(["sh", "-c", "read a; echo $a; echo err >&2"], mechanism, input: "x\ny\n")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `limits, priorities and personality`(_ mechanism: TracingMechanism) throws {
    let show = """
      umask
      cat /proc/self/limits /proc/self/oom_score_adj /proc/self/personality
      cat /proc/self/cgroup /proc/self/timerslack_ns
      cut -d' ' -f18,19,38,40,41 /proc/self/stat
      grep -E '^(Umask|Uid|Gid|Groups|Cap|NoNewPrivs|Cpus_allowed_list|THP|CoreDump)' \
        /proc/self/status
      """
    // Root gives up no privilege for the filter.
    let privileged = geteuid() == 0
    try expectSame(
      ["sh", "-c", privileged ? show : show.replacing("|NoNewPrivs", with: "")], mechanism)
    let changed = "umask 027; ulimit -n 200; ulimit -c 0; nice -n 5 sh -c \"$0\""
    try expectSame(["sh", "-c", changed, show.replacing("|NoNewPrivs", with: "")], mechanism)
  }

  /// What a caller changes before it executes spawntrace.
  @Test(arguments: TracingMechanism.allCases)
  func `what the caller has changed`(_ mechanism: TracingMechanism) throws {
    let change = "umask 027; ulimit -n 200; ulimit -s 4096; exec nice -n 3 \"$@\""
    let show = ["sh", "-c", "umask; cat /proc/self/limits; nice; cat /proc/self/oom_score_adj"]
    let bare = try ChildProcess.run(["sh", "-c", change, "sh"] + show)
    let traced = try ChildProcess.run(
      ["sh", "-c", change, "sh", Traced.binary, "run"] + mechanism.options + ["--"] + show)
    #expect(bare.ending == "status 0")
    #expect(traced.standardOutput == bare.standardOutput)
  }

  /// The program is in its caller's group and session, one level further down.
  @Test(arguments: TracingMechanism.allCases)
  func `group, session and parent`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        printf("leader %d\\n", getpgrp() == getpid());
        printf("parent's group %d\\n", getpgrp() == getpgid(getppid()));
        printf("session leader %d\\n", getsid(0) == getpid());
        printf("parent's session %d\\n", getsid(0) == getsid(getppid()));
        printf("setsid %d\\n", setsid() == getpid());
      }
      """)
    let shell = ["sh", "-c", "\"$@\"; exit $?", "sh"]
    let bare = try ChildProcess.run(shell + [program])
    let traced = try ChildProcess.run(
      shell + [Traced.binary, "run"] + mechanism.options + ["--", program])
    #expect(
      bare.standardOutput == """
        leader 0
        parent's group 1
        session leader 0
        parent's session 1
        setsid 1

        """)
    #expect(traced.standardOutput == bare.standardOutput)
  }
}
