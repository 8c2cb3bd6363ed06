internal import Foundation
internal import TestSupport
internal import Testing

/// What /proc may be where programs run: gone, another namespace's, or one that shows less.
@Suite(.root("only root mounts a /proc"))
struct ProcMountTests {
  /// A shell command in a mount namespace of its own, which then executes its arguments.
  private static func mounting(_ command: String) -> [String] {
    ["unshare", "-m", "sh", "-c", command + "; exec \"$@\"", "sh"]
  }

  /// Each shape without a /proc of ours, with a word of its message.
  static let unusable: [(caller: [String], word: String)] = [
    (mounting("umount -l /proc"), "/proc is not mounted"),
    (mounting("mount -t tmpfs none /proc"), "/proc is not mounted"),
    (["unshare", "-pf"], "--mount-proc"),
    // A /proc of an inner namespace, seen from outside.
    (mounting("unshare -pf mount -t proc proc /proc"), "another pid namespace"),
  ]

  /// Each shape that shows our processes as usual.
  static let usable: [[String]] = [
    mounting("mount -o remount,bind,ro /proc"), ["unshare", "-pf", "--mount-proc"],
    mounting("mount -t proc -o subset=pid proc /proc"),
    mounting("mount -t proc -o hidepid=2 proc /proc")
      + ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"],
  ]

  private static let cycle = """
    import multiprocessing, threading
    thread = threading.Thread(target=abs, args=(1,))
    thread.start()
    thread.join()
    with multiprocessing.get_context(\"METHOD\").Pool(2) as pool:
        pool.map(abs, range(4))

    """

  @Test(arguments: unusable.indices, ["spawn", "forkserver"])
  func `a cycle is proven without /proc, and what is missing is said at once`(
    index: Int, method: String
  ) throws {
    let folder = try ScratchFolder()
    try folder.write("main.py", Self.cycle.replacing("METHOD", with: method))
    let (caller, word) = Self.unusable[index]
    let run = try Traced.run(
      [Interpreters.newest().path, "main.py"], in: folder.path, startedBy: caller)
    let report = try #require(run.report)
    #expect(report.verdict == "reexec-cycle" && run.outcome.status == 112)
    let finding = try #require(report.findings.first)
    #expect(finding.certainty == "proven" && finding.culprit?.line == 5)
    #expect(finding.culprit?.path == folder.file("main.py"))
    #expect(run.outcome.standardError.hasPrefix("spawntrace: /proc "))
    #expect(run.outcome.standardError.contains(word))
    #expect(report.trace.limitations.contains { $0.contains("/proc") })
    // No process is taken for a stranger.
    #expect(report.processes.allSatisfy { $0.executable?.contains("python") == true })
  }

  @Test(arguments: unusable.indices)
  func `a healthy run without /proc is the same as untraced`(index: Int) throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      #!\(Interpreters.newest().path)
      import multiprocessing, subprocess, sys
      if __name__ == "__main__":
          with multiprocessing.get_context("spawn").Pool(2) as pool:
              print(pool.map(abs, [-1, 2]), flush=True)
          subprocess.run(["/bin/echo", "run"])
          sys.exit(5)

      """)
    let caller = Self.unusable[index].caller
    let run = try Traced.run(
      ["sh", "-c", "chmod +x main.py; ./main.py"], in: folder.path, startedBy: caller)
    #expect(run.outcome.standardOutput == "[1, 2]\nrun\n" && run.outcome.status == 5)
    let report = try #require(run.report)
    #expect(report.verdict == "healthy")
    #expect(report.processes("spawn-worker").count == 2)
    #expect(report.processes.contains { $0.script?.path == folder.file("main.py") })
  }

  /// Where a thread stands still is read from its registers; whether anything moves isn't known.
  @Test func `a deadline without /proc says where threads are, and accuses nobody`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import threading
      lock = threading.Lock()
      lock.acquire()
      lock.acquire()

      """)
    let run = try Traced.run(
      [Interpreters.newest().path, "main.py"], options: ["--timeout", "2"], in: folder.path,
      startedBy: Self.unusable[0].caller)
    #expect(run.outcome.status == 124)
    let report = try #require(run.report)
    #expect(report.verdict == "healthy")
    #expect(report.survey?.threads.first?.stack.first?.line == 4)
    #expect(report.survey?.threads.first?.wait?.call == "futex")
  }

  @Test func `a worker's death by a signal has its line without /proc`() throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing, os, signal
      def work():
          os.kill(os.getpid(), signal.SIGSEGV)
      if __name__ == "__main__":
          process = multiprocessing.get_context("spawn").Process(target=work)
          process.start()
          process.join()

      """)
    let run = try Traced.run(
      [Interpreters.newest().path, "main.py"], in: folder.path,
      startedBy: Self.unusable[0].caller)
    let finding = try #require(run.report?.findings.first)
    #expect(finding.rule == "ST202" && finding.culprit?.line == 3)
  }

  @Test(arguments: usable.indices)
  func `a /proc that shows less, or is read-only, is as good as any`(index: Int) throws {
    let folder = try ScratchFolder()
    try folder.write("main.py", Self.cycle.replacing("METHOD", with: "spawn"))
    // hidepid's user must be able to read it.
    _ = try ChildProcess.run(["chmod", "755", folder.path])
    let run = try ChildProcess.run(
      Self.usable[index] + [Traced.binary, "--", "/usr/bin/python3", "main.py"], in: folder.path)
    guard run.status != 126 else { try Test.cancel("the checkout is closed to others") }
    #expect(run.standardError.contains("error[ST101]") && run.status == 112)
    #expect(!run.standardError.contains("/proc "))
  }

  @Test func `a wrong command line is explained without /proc`() throws {
    for (arguments, message) in [
      (["--bogus", "x"], "unknown option --bogus"), ([], "there is no command to run"),
      (["--", "/no/such/program"], "/no/such/program: no such file"),
    ] {
      let run = try ChildProcess.run(Self.unusable[0].caller + [Traced.binary] + arguments)
      #expect(run.standardError.contains(message))
    }
  }
}
