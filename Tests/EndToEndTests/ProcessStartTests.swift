import TestSupport
import Testing

/// The stacks at the start of a process, shown by the finding of one process too many.
struct ProcessStartTests {
  private func finding(
    _ command: [String], options: [String] = [], limit: Int = 1, in folder: ScratchFolder? = nil
  ) throws -> Report.Finding {
    let run = try Traced.run(
      command, options: ["--max-processes", "\(limit)"] + options, in: folder?.path)
    #expect(run.outcome.ending == "status 112", "\(run.outcome.standardError)")
    let finding = try #require(run.report?.findings.first)
    #expect(finding.rule == "ST103")
    return finding
  }

  private func python(
    _ interpreter: Interpreters.Interpreter, _ program: String
  ) throws -> (finding: Report.Finding, folder: ScratchFolder) {
    let folder = try ScratchFolder()
    try folder.write("main.py", program)
    return (try finding([interpreter.path, "main.py"], in: folder), folder)
  }

  @Test(arguments: Interpreters.all)
  func `a fork by os.fork has its Python frames and the C function below`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let (finding, folder) = try python(
      interpreter,
      """
      import os, signal
      def start():
          if os.fork() == 0: signal.pause()
      start()
      os.wait()

      """)
    #expect(finding.stack.map(\.line) == [3, 4])
    #expect(finding.culprit?.path == folder.path + "/main.py" && finding.culprit?.line == 4)
    #expect(finding.callSite?.line == 3 && finding.callSite?.function == "start")
    // Innermost first, C and Python in the order of their calls. Some builds name no C function.
    let lines = finding.nativeStack.compactMap(\.line)
    #expect(lines == [3, 4] || lines.isEmpty)
    #expect(finding.nativeStack.first?.symbol != nil && finding.nativeStack.first?.path == nil)
    #expect(finding.nativeStack.contains { $0.image?.hasPrefix("libc") == true })
  }

  @Test(arguments: Interpreters.all)
  func `the shell of os.system and a fork by C code have their line`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let system = try python(interpreter, "import os\nos.system('read x')\n").finding
    #expect(system.callSite?.line == 2)
    // A stripped interpreter names only what it exports; the C library always does.
    let names = system.nativeStack.compactMap(\.symbol)
    #expect(names.contains { $0.contains("system") || $0.contains("posix_spawn") }, "\(names)")
    let foreign = try python(
      interpreter,
      """
      import ctypes, signal
      if ctypes.CDLL(None).fork() == 0:
          signal.pause()
      signal.pause()

      """
    ).finding
    #expect(foreign.callSite?.line == 2)
    #expect(foreign.nativeStack.prefix(3).contains { $0.symbol?.contains("ork") == true })
    #expect(foreign.nativeStack.contains { $0.image?.contains("ctypes") == true })
  }

  @Test(arguments: Interpreters.all)
  func `a process that subprocess starts in a thread has the frames of that thread`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let (finding, _) = try python(
      interpreter,
      """
      import subprocess, sys, threading
      def start():
          subprocess.Popen([sys.executable, "-c", "input()"])
      thread = threading.Thread(target=start)
      thread.start()
      thread.join()

      """)
    #expect(finding.callSite?.line == 3 && finding.callSite?.function == "start")
    #expect(finding.stack.contains { $0.path.hasSuffix("/subprocess.py") })
    #expect(finding.stack.last?.path.hasSuffix("/threading.py") == true)
  }

  @Test func `a program that isn't Python has its native stack with --capture all`() throws {
    let program = try CProgram.withPrelude(
      """
      __attribute__((noinline)) static int start(void) { return fork(); }
      int main(void) {
        if (start() == 0) pause();
        pause();
      }
      """)
    let all = try finding([program], options: ["--capture", "all"])
    #expect(all.stack.isEmpty)
    #expect(all.nativeStack.contains { $0.symbol == "main" })
    #expect(try finding([program]).nativeStack.isEmpty)
  }
}
