internal import Foundation
internal import TestSupport
internal import Testing

/// Tracers in the tree: they are refused, as under strace, and everything else goes on.
struct TracingInsideTests {
  /// Runs `command` under strace and traced, and expects the same.
  private func expectSameAsStraced(
    _ command: [String], _ mechanism: TracingMechanism
  ) throws -> Outcome {
    let straced = try ChildProcess.run(["strace", "-f", "-o", "/dev/null"] + command)
    let traced = try Traced.run(command, options: mechanism.options).outcome
    #expect(traced.standardOutput == straced.standardOutput)
    #expect(traced.standardError == straced.standardError)
    #expect(traced.ending == straced.ending)
    return traced
  }

  /// Calls that need no tracing work.
  @Test(arguments: TracingMechanism.allCases)
  func `ptrace, and its neighbours`(_ mechanism: TracingMechanism) throws {
    let program = try CProgram.withPrelude(
      """
      #include <sys/uio.h>
      static const char *error(long result) { return result < 0 ? strerrorname_np(errno) : "done"; }
      int main(void) {
        int value = 42, ready[2];
        need(pipe(ready) == 0);
        pid_t child = fork();
        if (child == 0) {
          write(ready[1], "r", 1);
          sleeper(NULL);
        }
        char byte;
        need(read(ready[0], &byte, 1) == 1);
        printf("attach: %s\\n", error(ptrace(PTRACE_ATTACH, child, 0, 0)));
        printf("seize: %s\\n", error(ptrace(PTRACE_SEIZE, child, 0, 0)));
        printf("request: %s\\n", error(ptrace(PTRACE_CONT, child, 0, 0)));
        printf("itself: %s\\n", error(ptrace(PTRACE_ATTACH, getpid(), 0, 0)));
        // No tracing is needed for these.
        int theirs = 0;
        struct iovec local = {&theirs, sizeof theirs}, remote = {&value, sizeof value};
        printf("read: %s", error(process_vm_readv(child, &local, 1, &remote, 1, 0)));
        printf(" %d\\n", theirs);
        char path[64];
        snprintf(path, sizeof path, "/proc/%d/mem", child);
        int file = open(path, O_RDONLY);
        theirs = 0;
        pread(file, &theirs, sizeof theirs, (off_t)&value);
        printf("memory: %d\\n", theirs);
        int process = syscall(SYS_pidfd_open, child, 0);
        printf("descriptor: %s\\n", error(syscall(SYS_pidfd_getfd, process, ready[0], 0)));
        kill(child, SIGTERM);
        report("child", waited(child, 0));
        child = fork();
        if (child == 0) {
          printf("traceme: %s\\n", error(ptrace(PTRACE_TRACEME, 0, 0, 0)));
          raise(SIGUSR1);
          _exit(3);
        }
        report("child", waited(child, 0));
        return 0;
      }
      """)
    let outcome = try expectSameAsStraced([program], mechanism)
    #expect(
      outcome.standardOutput == """
        attach: EPERM
        seize: EPERM
        request: ESRCH
        itself: EPERM
        read: done 42
        memory: 42
        descriptor: done
        child: killed 15
        traceme: EPERM
        child: killed 10

        """)
  }

  @Test(arguments: TracingMechanism.allCases)
  func `strace`(_ mechanism: TracingMechanism) throws {
    let script = """
      numberless() { sed 's/[0-9][0-9]*/N/g'; }
      strace -o /dev/null true 2>&1 | numberless
      strace -f -o /dev/null true 2>&1 | numberless
      strace -o /dev/null -p $$ 2>&1 | numberless
      strace -o /dev/null true 2>/dev/null
      echo "ended $?"
      """
    let outcome = try expectSameAsStraced(["sh", "-c", script], mechanism)
    #expect(outcome.standardOutput.hasSuffix("ended 1\n"))
    #expect(outcome.standardOutput.contains("PTRACE_TRACEME"))
  }

  /// gdb reports that it can't trace, and ends.
  @Test(arguments: TracingMechanism.allCases)
  func `gdb`(_ mechanism: TracingMechanism) throws {
    let script = """
      gdb -nx -batch -ex 'set startup-with-shell off' -ex run true 2>&1 | sed 's/[0-9][0-9]*/N/g'
      sleep 1000 &
      gdb -nx -batch -p $! 2>&1 | sed 's/[0-9][0-9]*/N/g' | grep -c 'Operation not permitted'
      { kill $!; wait $!; } 2>/dev/null
      echo "ended $?"
      """
    let outcome = try expectSameAsStraced(["sh", "-c", script], mechanism)
    #expect(outcome.standardOutput.contains("ptrace: Operation not permitted"))
    #expect(outcome.standardOutput.hasSuffix("ended 143\n"))
  }

  /// The inner one says in one line why it can't trace, and the outer one goes on.
  @Test(arguments: TracingMechanism.allCases)
  func `spawntrace in spawntrace`(_ mechanism: TracingMechanism) throws {
    let inner = [Traced.binary, "run"] + mechanism.options + ["--"]
    let script = "\"$@\"; echo \"inner $?\"; exit 4"
    for command in [["true"], inner + ["true"]] {
      let run = try Traced.run(
        ["sh", "-c", script, "sh"] + inner + command, options: mechanism.options)
      #expect(run.outcome.standardOutput == "inner 125\n")
      #expect(run.outcome.ending == "status 4")
      let lines = run.outcome.standardError.split(separator: "\n")
      #expect(lines.count == 1)
      #expect(lines.first?.contains("this process is traced already, by process ") == true)
    }
  }

  @Test(arguments: TracingMechanism.allCases)
  func `spawntrace in strace`(_ mechanism: TracingMechanism) throws {
    let outcome = try ChildProcess.run(
      ["strace", "-f", "-o", "/dev/null", Traced.binary, "run"] + mechanism.options + [
        "--", "true",
      ])
    #expect(outcome.ending == "status 125")
    #expect(outcome.standardOutput == "")
    #expect(outcome.standardError.contains("this process is traced already, by process "))
  }
}
