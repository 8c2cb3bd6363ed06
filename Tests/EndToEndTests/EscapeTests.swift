internal import Foundation
internal import TestSupport
internal import Testing

/// Programs that stop spawntrace's own processes, and pipes that no process reads: a SIGTERM ends
/// each run, and nothing of it is left.
struct EscapeTests {
  /// Stops the tracer (`t`), the front (`f`) or both, and waits until it is killed, or ends with 3.
  private static let stopper = """
    int main(int count, char **arguments) {
      char name[64], line[4096];
      pid_t tracer = getppid();
      sprintf(name, "/proc/%d/status", tracer);
      int file = open(name, O_RDONLY);
      line[read(file, line, sizeof line - 1)] = 0;
      pid_t front = atoi(strstr(line, "PPid:") + 5);
      FILE *out = fopen("pids.new", "w");
      fprintf(out, "%d %d %d\\n", front, tracer, getpid());
      fclose(out);
      if (strchr(arguments[1], 'f')) kill(front, SIGSTOP);
      if (strchr(arguments[1], 't')) kill(tracer, SIGSTOP);
      rename("pids.new", "pids");
      if (count > 2) return 3;
      for (;;) pause();
    }
    """

  /// Makes the pipe `pipe`, starts its arguments from the third on, sends the signal in the first one
  /// to the front or to its group, as the second one says, and prints how the front ends. The signal
  /// comes when the file `pids` is there, or, for the receiver `waiting`, when the tracer waits in the
  /// call CALL, poll or write.
  private static let caller = """
    static void until_tracer_waits(pid_t front, long call) {
      char path[64], text[64] = "";
      snprintf(path, sizeof path, "/proc/%d/task/%d/children", front, front);
      while (atoi(text) == 0) {
        int file = open(path, O_RDONLY);
        need(file >= 0 && read(file, text, sizeof text - 1) >= 0);
        close(file);
        sched_yield();
      }
      until_waiting(atoi(text), call);
    }
    int main(int count, char **arguments) {
      // It has a reader only if the test asks for one.
      need(mkfifo("pipe", 0600) == 0);
      if (getenv("READER")) need(open("pipe", O_RDWR | O_CLOEXEC) >= 0);
      pid_t child = fork();
      if (child == 0) {
        setpgid(0, 0);
        execvp(arguments[3], arguments + 3);
      }
      if (arguments[2][0] == 'w')
        until_tracer_waits(child, getenv("CALL")[0] == 'p' ? SYS_poll : SYS_write);
      else while (access("pids", F_OK) != 0) sched_yield();
      kill(arguments[2][0] == 'g' ? -child : child, atoi(arguments[1]));
      report("front", waited(child, 0));
    }
    """

  private func pids(in folder: ScratchFolder) -> [Int] {
    (folder.read("pids") ?? "").split { $0 == " " || $0 == "\n" }.compactMap { Int($0) }
  }

  private func expectGone(_ pids: [Int]) {
    for pid in pids {
      for _ in 0..<1000 where isAlive(pid) { usleep(10_000) }
      #expect(!isAlive(pid))
    }
  }

  @Test(arguments: ["t", "f", "ft"])
  func `a run whose processes a program stops ends with the program`(_ whom: String) throws {
    let folder = try ScratchFolder()
    let program = try CProgram.withPrelude(Self.stopper)
    let outcome = try ChildProcess.run(
      [Traced.binary, "--", program, whom, "end"], in: folder.path)
    #expect(outcome.ending == "status 3" && outcome.standardError == "")
  }

  @Test(arguments: ["t", "f", "ft"], ["front", "group"])
  func `a run whose processes a program stops ends by SIGTERM`(
    _ whom: String, to receiver: String
  ) throws {
    let folder = try ScratchFolder()
    let caller = try CProgram.withPrelude(Self.caller)
    let program = try CProgram.withPrelude(Self.stopper)
    let outcome = try ChildProcess.run(
      [caller, "\(SIGTERM)", receiver, Traced.binary, "--", program, whom], in: folder.path)
    #expect(outcome.standardOutput == "front: killed 15\n")
    let pids = pids(in: folder)
    #expect(pids.count == 3)
    expectGone(pids)
  }

  @Test(arguments: ["t", "ft"])
  func `a stopped tracer ends the tree when its front is killed`(_ whom: String) throws {
    let folder = try ScratchFolder()
    let caller = try CProgram.withPrelude(Self.caller)
    let program = try CProgram.withPrelude(Self.stopper)
    let outcome = try ChildProcess.run(
      [caller, "\(SIGKILL)", "front", Traced.binary, "--", program, whom], in: folder.path)
    #expect(outcome.standardOutput == "front: killed 9\n")
    let pids = pids(in: folder)
    #expect(pids.count == 3)
    expectGone(pids)
  }

  @Test(arguments: ["--record", "--json"], [SIGTERM, SIGINT])
  func `a pipe without a reader is waited for, and a signal ends that`(
    _ option: String, signal: Int32
  ) throws {
    let folder = try ScratchFolder()
    let caller = try CProgram.withPrelude(Self.caller)
    let outcome = try ChildProcess.run(
      [
        caller, "\(signal)", "waiting", Traced.binary, "run", option, "pipe", "--", "touch", "ran",
      ], in: folder.path, environment: ["CALL": "poll"])
    #expect(outcome.standardOutput == "front: killed \(signal)\n")
    #expect(outcome.standardError.contains("nothing was run: no process reads the pipe pipe"))
    #expect(folder.read("ran") == nil)
  }

  @Test(arguments: ["--record", "--json"])
  func `a pipe gets its reader later`(_ option: String) throws {
    let folder = try ScratchFolder()
    // The reader begins when the user is told that it is waited for.
    let script = """
      mkfifo pipe
      "$@" 2> messages &
      until grep -q 'waiting for a process that reads pipe' messages; do sleep 0.01; done
      cat pipe > seen
      wait $!
      """
    let outcome = try ChildProcess.run(
      ["sh", "-c", script, "sh", Traced.binary, "run", option, "pipe", "--", "sh", "-c", "exit 4"],
      in: folder.path)
    #expect(outcome.ending == "status 4")
    #expect(folder.read("seen")?.isEmpty == false)
  }

  /// A reader that doesn't read holds the tracer in write(2).
  @Test func `a tracer that stands still is killed when the run is to end`() throws {
    let folder = try ScratchFolder()
    let caller = try CProgram.withPrelude(Self.caller)
    let outcome = try ChildProcess.run(
      [
        caller, "\(SIGTERM)", "waiting", Traced.binary, "run", "--record", "pipe", "--", "sh", "-c",
        "echo $$ > pids; while :; do /bin/true; done",
      ], in: folder.path, environment: ["CALL": "write", "READER": "yes"])
    #expect(outcome.standardOutput == "front: killed 15\n")
    #expect(outcome.standardError.contains("stood still when SIGTERM came"))
    expectGone(pids(in: folder))
  }

  /// Without --wait and --kill-survivors the last line says how to end what lives on.
  @Test func `what lives on ends by a SIGTERM to the tracer`() throws {
    let folder = try ScratchFolder()
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        int ready[2];
        char byte;
        need(pipe(ready) == 0);
        if (fork() > 0) return read(ready[0], &byte, 1) == 1 ? 0 : 1;
        setsid();
        int nowhere = open("/dev/null", O_RDWR);
        for (int i = 0; i < 3; i++) dup2(nowhere, i);
        signal(SIGTERM, SIG_IGN);
        FILE *out = fopen("pids", "w");
        fprintf(out, "%d\\n", getpid());
        fclose(out);
        need(write(ready[1], "r", 1) == 1);
        for (;;) pause();
      }
      """)
    let outcome = try ChildProcess.run([Traced.binary, "--", program], in: folder.path)
    #expect(outcome.ending == "status 0")
    let daemon = try #require(pids(in: folder).first)
    #expect(isAlive(daemon))
    let line = try #require(outcome.standardError.split(separator: "\n").last)
    #expect(line.hasPrefix("spawntrace: the command left running \(daemon), "))
    let tracer = try #require(line.firstMatch(of: /kill (\d+) ends/).flatMap { Int($0.1) })
    kill(pid_t(tracer), SIGTERM)
    expectGone([daemon, tracer])
  }

  /// The kernel doesn't put such a child under the tracer (clone(2), CLONE_UNTRACED).
  @Test func `a child that isn't traced is ended, too`() throws {
    let folder = try ScratchFolder()
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        FILE *out = fopen("pids", "w");
        for (int i = 0; i < 2; i++) {
          pid_t child = syscall(SYS_clone, CLONE_UNTRACED | SIGCHLD, 0, 0, 0, 0);
          if (child == 0) {
            signal(SIGTERM, SIG_IGN);
            if (setsid() > 0) fork();
            for (;;) pause();
          }
          fprintf(out, "%d ", child);
        }
        fclose(out);
        for (;;) pause();
      }
      """)
    let outcome = try ChildProcess.run(
      [Traced.binary, "run", "--timeout", "0.5", "--", program], in: folder.path)
    #expect(outcome.ending == "status 124")
    let pids = pids(in: folder)
    #expect(pids.count == 2)
    expectGone(pids)
  }

  /// Each process starts its successor and ends; with `same` as the second argument, nothing changes.
  private static let chain = """
    import os, subprocess, sys
    left = int(sys.argv[1])
    next = left if sys.argv[2:] == ["same"] else left - 1
    if left:
        subprocess.Popen(
            [sys.executable, os.path.abspath(__file__), str(next)] + sys.argv[2:],
            start_new_session=True, stdin=-3, stdout=-3, stderr=-3)
    """

  @Test func `a chain of self-starts is a note, and is ended with the rest`() throws {
    let folder = try ScratchFolder()
    let script = try folder.write("chain.py", Self.chain)
    let python = try Interpreters.newest().path
    let run = try Traced.run(
      [python, script, "1000", "other"], options: ["--wait", "--timeout", "4"], in: folder.path)
    #expect(run.outcome.ending == "status 124")
    let report = try #require(run.report)
    #expect(report.verdict == "healthy")
    #expect(report.findings.map(\.rule) == ["ST104"])
    #expect(report.findings.first?.certainty == "guess")
    #expect(report.findings.first?.culprit?.line == 5)
    #expect(report.processes.allSatisfy { $0.exit != nil })
  }

  @Test func `a chain of self-starts with the same arguments is proven, and ended`() throws {
    let folder = try ScratchFolder()
    let script = try folder.write("chain.py", Self.chain)
    let python = try Interpreters.newest().path
    let run = try Traced.run(
      [python, script, "1", "same"], options: ["--wait"], in: folder.path)
    #expect(run.outcome.ending == "status 112")
    let report = try #require(run.report)
    #expect(report.findings.map(\.rule) == ["ST104"])
    #expect(report.findings.first?.certainty == "proven")
    #expect(report.processes.allSatisfy { $0.exit != nil })
  }

  /// The processes of the chain that have ended are named with the one that lives on.
  @Test func `the last line names a chain that lives on`() throws {
    let folder = try ScratchFolder()
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        int nowhere = open("/dev/null", O_RDWR);
        for (int i = 0; i < 3; i++) dup2(nowhere, i);
        // The sixth lives on until it is ended.
        for (int i = 0; i < 5; i++) if (fork() > 0) _exit(0);
        for (;;) pause();
      }
      """)
    let outcome = try ChildProcess.run([Traced.binary, "--", program], in: folder.path)
    #expect(outcome.ending == "status 0")
    let line = try #require(outcome.standardError.split(separator: "\n").last)
    #expect(line.contains("the end of a chain of 6 processes of program "))
    let tracer = try #require(line.firstMatch(of: /kill (\d+) ends/).flatMap { Int($0.1) })
    kill(pid_t(tracer), SIGTERM)
    expectGone([tracer])
  }
}
