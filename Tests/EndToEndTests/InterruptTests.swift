import Foundation
import TestSupport
import Testing

/// Ctrl-C in a terminal: whose it is, and what is told.
@Suite(.serialized)
struct InterruptTests {
  /// Runs a command in a terminal, and presses Ctrl-C when the command has said so many lines or
  /// stood still for so many seconds: `2.5` waits, then presses; shows all, and then the status.
  private static let terminal = """
    import os, pty, select, sys, time
    presses = [float(each) for each in sys.argv[1].split(",")]
    process, terminal = pty.fork()
    if process == 0:
        os.execvp(sys.argv[2], sys.argv[2:])
    shown, due, end = b"", None, time.time() + 30
    while time.time() < end:
        if due is None and b"ready" in shown and presses:
            due = time.time() + presses.pop(0)
        if due is not None and time.time() >= due:
            os.write(terminal, b"\\x03")
            due = time.time() + presses.pop(0) if presses else float("inf")
        if select.select([terminal], [], [], 0.02)[0]:
            try:
                text = os.read(terminal, 65536)
            except OSError:
                break
            shown += text
    else:
        os.kill(process, 9)
    status = os.waitpid(process, 0)[1]
    print(shown.decode().replace("\\r\\n", "\\n"))
    print("end:", -os.WTERMSIG(status) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status))

    """

  private func run(_ program: String, pressing times: String) throws -> String {
    let folder = try ScratchFolder()
    try folder.write("terminal.py", Self.terminal)
    try folder.write("main.py", program)
    let python = try Interpreters.newest().path
    let outcome = try ChildProcess.run(
      [
        python, "terminal.py", times, Traced.binary, "--color=never", "--", python, "-u",
        "main.py",
      ], in: folder.path, timeout: 60)
    return outcome.standardOutput
  }

  @Test func `a first Ctrl-C at a deadlock ends the program, and tells where everybody was`() throws
  {
    let shown = try run(
      """
      import threading
      lock = threading.Lock()
      lock.acquire()
      print("ready")
      lock.acquire()
      """, pressing: "2.5")
    #expect(shown.contains("KeyboardInterrupt"))
    #expect(shown.contains("error[ST106]"))
    #expect(shown.contains("where it was when Ctrl-C came"))
    #expect(shown.contains("at main.py:5"))
    #expect(shown.hasSuffix("end: 112\n"))
  }

  @Test func `a first Ctrl-C at a sleep is told in a few lines, and ends as the signal does`()
    throws
  {
    let shown = try run("import time; print('ready'); time.sleep(100)", pressing: "2.5")
    #expect(shown.contains("where it was when Ctrl-C came"))
    #expect(shown.contains("sleeps"))
    #expect(!shown.contains("ST106"))
    #expect(shown.hasSuffix("end: -2\n"))
  }

  @Test func `a first Ctrl-C while the program works is told by nobody`() throws {
    let shown = try run("print('ready')\nwhile True: pass", pressing: "2.5")
    #expect(!shown.contains("where it was"))
    #expect(shown.hasSuffix("end: -2\n"))
  }

  @Test func `a program that counts Ctrl-Cs is never ended or interrupted by ours`() throws {
    let shown = try run(
      """
      import signal, sys, time
      heard = 0
      def hear(*rest):
          global heard
          heard += 1
          if heard == 6: sys.exit(3)
      signal.signal(signal.SIGINT, hear)
      print("ready")
      while True: time.sleep(100)
      """, pressing: "2.5,0.4,0.4,0.4,0.4,1.5")
    #expect(shown == "ready\n" + String(repeating: "^C", count: 6) + "\nend: 3\n")
  }

  @Test func `a deadlock that a program catches and outlives is not told`() throws {
    let shown = try run(
      """
      import threading, time
      lock = threading.Lock()
      lock.acquire()
      print("ready")
      try:
          lock.acquire()
      except KeyboardInterrupt:
          print("answered")
      """, pressing: "2.5")
    #expect(shown == "ready\n^Canswered\n\nend: 0\n")
  }

  @Test func `unanswered Ctrl-Cs close together give the stacks, and a further one ends the tree`()
    throws
  {
    let program = """
      import signal, time
      signal.signal(signal.SIGINT, signal.SIG_IGN)
      print("ready")
      time.sleep(100)
      """
    let shown = try run(program, pressing: "1.5,0.6,0.9")
    #expect(shown.contains("stacks of 1 process"))
    #expect(shown.hasSuffix("end: -2\n") || shown.hasSuffix("end: -15\n"))
    let apart = try run(
      program.replacingOccurrences(of: "100", with: "8"), pressing: "1.5,3.5")
    #expect(!apart.contains("stacks of") && apart.hasSuffix("end: 0\n"))
  }
}
