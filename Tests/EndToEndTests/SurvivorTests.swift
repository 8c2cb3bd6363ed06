internal import Foundation
internal import TestSupport
internal import Testing

/// Processes that live on after the command: they are waited for, left alone, or ended, as the user
/// asks.
struct SurvivorTests {
  /// A command with a daemon. When the command has ended and `go` has been written to, the daemon
  /// opens a file a hundred times in a way that the filter picks, runs a program, and writes down
  /// the results.
  private static let daemon = """
    int main(void) {
      if (fork() == 0) {
        need(setsid() > 0);
        int nowhere = open("/dev/null", O_RDWR);
        for (int i = 0; i < 3; i++) dup2(nowhere, i);
        FILE *pid = fopen("pid", "w");
        fprintf(pid, "%d", getpid());
        fclose(pid);
        int ready = open("ready", O_WRONLY);
        write(ready, "r", 1);
        close(ready);
        char byte;
        int go = open("go", O_RDONLY);
        need(read(go, &byte, 1) == 1);
        int failed = 0;
        for (int i = 0; i < 100; i++) {
          int file = open("/dev/null", O_RDONLY | O_CLOEXEC);
          if (file < 0) failed++;
          close(file);
        }
        int status = system("exit 3");
        FILE *out = fopen("result", "w");
        fprintf(out, "%d failed, %d", failed, WEXITSTATUS(status));
        fclose(out);
        rename("result", "out");
        _exit(0);
      }
      int ready = open("ready", O_RDONLY);
      char byte;
      need(read(ready, &byte, 1) == 1);
      puts("ready");
      return 6;
    }
    """

  private func folder() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    #expect(try ChildProcess.run(["mkfifo", "ready", "go"], in: folder.path).ending == "status 0")
    return folder
  }

  private func release(_ folder: ScratchFolder) throws {
    #expect(
      try ChildProcess.run(["sh", "-c", "printf x > go"], in: folder.path).ending == "status 0")
  }

  /// Waits until a file is there, or until the test's time has passed.
  private func text(of name: String, in folder: ScratchFolder) -> String? {
    for _ in 0..<2000 {
      if let text = folder.read(name) { return text }
      usleep(10_000)
    }
    return nil
  }

  private func waitForEnd(of process: Int) -> Bool {
    for _ in 0..<2000 {
      if !isAlive(process) { return true }
      usleep(10_000)
    }
    return false
  }

  @Test(arguments: TracingMechanism.allCases)
  func `a daemon is left alone, and its calls work as before`(
    _ mechanism: TracingMechanism
  ) throws {
    let folder = try folder()
    let program = try CProgram.withPrelude(Self.daemon)
    let run = try Traced.run([program], options: mechanism.options, in: folder.path)
    #expect(run.outcome.ending == "status 6" && run.outcome.standardOutput == "ready\n")
    #expect(run.outcome.standardError == "")
    let daemon = try #require(folder.read("pid").flatMap { Int($0) })
    #expect(isAlive(daemon))
    let limitations = run.report?.trace.limitations ?? []
    #expect(limitations.contains { $0.contains("left running \(daemon)") }, "\(limitations)")
    // Its tracer has left the command's terminal, folder and output.
    let tracer = try #require(self.tracer(of: daemon))
    for descriptor in 0...2 {
      let file = try FileManager.default.destinationOfSymbolicLink(
        atPath: "/proc/\(tracer)/fd/\(descriptor)")
      #expect(file == "/dev/null")
    }
    #expect(getsid(pid_t(tracer)) == tracer)
    try release(folder)
    #expect(text(of: "out", in: folder) == "0 failed, 3")
    #expect(waitForEnd(of: daemon) && waitForEnd(of: tracer))
  }

  @Test(arguments: TracingMechanism.allCases)
  func `--wait waits for it`(_ mechanism: TracingMechanism) throws {
    let folder = try folder()
    let program = try CProgram.withPrelude(Self.daemon)
    // A process of the tree releases the daemon as soon as the shell, and with it the command, has
    // ended.
    let script = """
      mkfifo end
      exec 9<>end 8<end
      "$@" 8<&- 9<&-; status=$?
      (exec 9<&-; cat <&8; printf x > go) &
      exit $status
      """
    let run = try Traced.run(
      ["sh", "-c", script, "sh", program], options: mechanism.options + ["--wait"],
      in: folder.path)
    #expect(run.outcome.ending == "status 6")
    #expect(folder.read("out") == "0 failed, 3")
    let processes = try #require(run.report).processes
    #expect(processes.count > 1 && processes.allSatisfy { $0.exit != nil })
    let limitations = run.report?.trace.limitations ?? ["no report"]
    #expect(!limitations.contains { $0.contains("left running") || $0.contains("no report") })
  }

  @Test(arguments: TracingMechanism.allCases)
  func `--kill-survivors ends it`(_ mechanism: TracingMechanism) throws {
    let folder = try folder()
    let program = try CProgram.withPrelude(Self.daemon)
    let run = try Traced.run(
      [program], options: mechanism.options + ["--kill-survivors"], in: folder.path)
    #expect(run.outcome.ending == "status 6")
    let daemon = try #require(folder.read("pid").flatMap { Int($0) })
    #expect(!isAlive(daemon) && folder.read("out") == nil)
    let processes = try #require(run.report).processes
    #expect(processes.count > 1 && processes.allSatisfy { $0.exit != nil })
  }

  @Test func `what is left running is reported, with the option to wait for it`() throws {
    let folder = try folder()
    let program = try CProgram.withPrelude(Self.daemon)
    let left = try Traced.run([program], in: folder.path)
    #expect(left.outcome.ending == "status 6")
    #expect(left.outcome.standardError.hasPrefix("spawntrace: the command left running "))
    #expect(left.outcome.standardError.contains("--wait"))
    try release(folder)
    #expect(text(of: "out", in: folder) != nil)

    let both = try Traced.run(
      arguments: ["run", "--wait", "--kill-survivors", "--", "true"], in: folder.path)
    #expect(both.ending == "status 125" && both.standardError.contains("--kill-survivors"))
  }

  private func tracer(of process: Int) -> Int? {
    let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("TracerPid:") }
    return line.flatMap { Int($0.dropFirst(10).trimmingCharacters(in: .whitespaces)) }
  }
}
