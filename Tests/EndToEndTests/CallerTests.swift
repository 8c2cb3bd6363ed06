internal import Foundation
internal import TestSupport
internal import Testing

/// Unusual callers of spawntrace: the command runs as it would without spawntrace.
struct CallerTests {
  private func traced(_ mechanism: TracingMechanism) -> [String] {
    [Traced.binary, "run"] + mechanism.options + ["--"]
  }

  /// `sleep 100 & exec spawntrace ...`: spawntrace gets a child that isn't of the tree; it must not
  /// wait for that one.
  @Test(arguments: TracingMechanism.allCases)
  func `a caller that leaves children behind`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let script = "sleep 100 & echo $! > child; (exit 1) & exec \"$@\""
    let outcome = try ChildProcess.run(
      ["sh", "-c", script, "sh"] + traced(mechanism) + ["sh", "-c", "exit 3"], in: folder.path,
      timeout: 20)
    #expect(outcome.ending == "status 3")
    let child = try #require(
      Int(folder.read("child")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? ""))
    #expect(isAlive(child))
    kill(pid_t(child), SIGKILL)
  }

  /// No descriptor is held for each process.
  @Test(arguments: TracingMechanism.allCases)
  func `few descriptors, many processes`(_ mechanism: TracingMechanism) throws {
    let script = "ulimit -n 16; exec \"$@\""
    // Each process reads one byte, and none is written before the last process is there.
    let command = """
      mkfifo go
      exec 3<>go
      i=0; while [ $i -lt 40 ]; do { read byte; } <go 3>&- & i=$((i + 1)); done
      i=0; while [ $i -lt 40 ]; do echo >&3; i=$((i + 1)); done
      wait
      ulimit -n
      """
    let folder = try ScratchFolder()
    let outcome = try ChildProcess.run(
      ["sh", "-c", script, "sh"] + traced(mechanism) + ["sh", "-c", command], in: folder.path)
    #expect(outcome.ending == "status 0")
    #expect(outcome.standardOutput == "16\n" && outcome.standardError == "")
  }

  @Test(arguments: TracingMechanism.allCases)
  func `no environment at all`(_ mechanism: TracingMechanism) throws {
    for command in [["/usr/bin/env"], ["env"], ["sh", "-c", "exit 5"]] {
      let bare = try ChildProcess.run(["env", "-i"] + command)
      let outcome = try ChildProcess.run(["env", "-i"] + traced(mechanism) + command)
      #expect(outcome.ending == bare.ending)
      #expect(outcome.standardOutput == bare.standardOutput)
      #expect(outcome.standardError == bare.standardError)
    }
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a working folder that has been removed`(_ mechanism: TracingMechanism) throws {
    let folder = try ScratchFolder()
    let script = "mkdir gone; cd gone; rmdir ../gone; exec \"$@\""
    let outcome = try ChildProcess.run(
      ["sh", "-c", script, "sh"] + traced(mechanism) + ["sh", "-c", "exit 4"], in: folder.path)
    #expect(outcome.ending == "status 4")
    #expect(!outcome.standardError.contains("spawntrace:"))
  }

  /// With clone(2) a caller can choose the signal that it gets at the child's end.
  @Test(arguments: TracingMechanism.allCases)
  func `a caller that chooses another signal for the end of its child`(
    _ mechanism: TracingMechanism
  ) throws {
    let caller = try CProgram.withPrelude(
      """
      int main(int count, char **arguments) {
        pid_t child = syscall(SYS_clone, SIGUSR2, 0, 0, 0, 0);
        if (child == 0) execvp(arguments[1], arguments + 1);
        signal(SIGUSR2, SIG_IGN);
        report("child", waited(child, __WALL));
      }
      """)
    let outcome = try ChildProcess.run([caller] + traced(mechanism) + ["sh", "-c", "exit 8"])
    #expect(outcome.standardOutput == "child: exited 8\n")
  }

  /// Without root NO_NEW_PRIVS has to be set, and files of root can't be read.
  @Test(.root("only root becomes another user"), arguments: TracingMechanism.allCases)
  func `an ordinary user`(_ mechanism: TracingMechanism) throws {
    let folder = try ordinaryUsersFolder()
    let program = try CProgram.withPrelude(
      """
      int main(void) {
        pid_t child = fork();
        if (child == 0) {
          // Its memory can't be read from now on, and its files in /proc are root's.
          need(prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0);
          for (int i = 0; i < 100; i++) {
            int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
            need(file >= 0);
            close(file);
          }
          pid_t grandchild = fork();
          if (grandchild == 0) execl("/bin/sh", "sh", "-c", "exit 6", NULL);
          _exit(WEXITSTATUS(waited(grandchild, 0)));
        }
        printf("uid %d\\n", getuid());
        report("child", waited(child, 0));
      }
      """)
    try copyProgram(program, to: folder.file("program"))
    let outcome = try ChildProcess.run(
      ordinaryUser + [folder.file("spawntrace"), "run"] + mechanism.options
        + ["--", folder.file("program")])
    #expect(outcome.ending == "status 0")
    #expect(outcome.standardOutput == "uid 65534\nchild: exited 6\n")
    #expect(outcome.standardError == "")
  }

  @Test(.root("only root becomes another user"), arguments: ["notify", "trace"])
  func `an ordinary user's cycle`(mechanism: String) throws {
    // Some are in folders that are closed to others.
    let found = Interpreters.all.first {
      (try? ChildProcess.run(ordinaryUser + ["test", "-x", $0.path]))?.status == 0
    }
    guard let interpreter = found else {
      try Test.cancel("another user can execute no interpreter")
    }
    let folder = try ordinaryUsersFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing
      multiprocessing.get_context("spawn").Process(target=print).start()

      """)
    let outcome = try ChildProcess.run(
      ordinaryUser + [
        folder.file("spawntrace"), "run", "--mechanism=\(mechanism)", "--report=short", "--",
        interpreter.path, "-B", "main.py",
      ], in: folder.path, environment: ["HOME": folder.path])
    #expect(outcome.ending == "status 112")
    #expect(outcome.standardError.contains("main.py:2: error[ST101]: "))
  }

  private let ordinaryUser = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]

  /// A folder that all users can reach, with a copy of the product: the checkout may be closed to
  /// them.
  private func ordinaryUsersFolder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    try copyProgram(Traced.binary, to: folder.file("spawntrace"))
    #expect(try ChildProcess.run(["chmod", "-R", "a+rX", folder.path]).status == 0)
    return folder
  }
}
