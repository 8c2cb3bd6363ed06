internal import TestSupport
internal import Testing

/// Which processes get the filter, from when on, and that they can't see how it came there.
struct WatchTests {
  /// What a process sees of itself: the filters of each thread, blocked signals, open descriptors.
  private static let look = """
    import os
    def look(what):
        threads = os.listdir("/proc/self/task")
        fields = {}
        for thread in threads:
            with open("/proc/self/task/%s/status" % thread) as status:
                for line in status:
                    name, _, value = line.partition(":")
                    if name in ("Seccomp", "SigBlk", "SigPnd"):
                        fields.setdefault(name, set()).add(value.strip())
        descriptors = len(os.listdir("/proc/self/fd"))
        said = "%s: threads %d, blocked %s, pending %s, descriptors %d\\n" % (
            what, len(threads), sorted(fields["SigBlk"]), sorted(fields["SigPnd"]), descriptors)
        with open("said", "a") as file:
            file.write(said)
        with open("filters", "a") as file:
            file.write("%s %s\\n" % (what, ",".join(sorted(fields["Seccomp"]))))

    """

  private static let program = """
    import multiprocessing, subprocess, sys, threading
    from look import look

    def work():
        look("worker")

    if __name__ == "__main__":
        method = sys.argv[1]
        stop = threading.Event()
        threads = [threading.Thread(target=stop.wait) for _ in range(3)]
        for thread in threads:
            thread.start()
        look("main")
        subprocess.check_call([sys.executable, "-c", "from look import look; look('other')"])
        process = multiprocessing.get_context(method).Process(target=work)
        process.start()
        process.join()
        look("main later")
        stop.set()

    """

  @Test(arguments: Interpreters.all, ["spawn", "forkserver", "fork"])
  func `workers, and programs from their first worker on, get the filter and see no other change`(
    interpreter: Interpreters.Interpreter, method: String
  ) throws {
    var said: [String] = []
    var filters = ""
    for isTraced in [false, true] {
      let folder = try ScratchFolder()
      try folder.write("main.py", Self.program)
      try folder.write("look.py", Self.look)
      let command = [interpreter.path, "main.py", method]
      let outcome =
        isTraced
        ? try Traced.run(command, options: ["--on-cycle=report", "--report=none"], in: folder.path)
          .outcome
        : try ChildProcess.run(command, in: folder.path)
      #expect(outcome.ending == "status 0", "\(outcome.standardError)")
      said.append(folder.read("said") ?? "")
      filters = folder.read("filters") ?? ""
    }
    #expect(said[0] == said[1])
    // The first two have none, unless another program on the machine has just opened a module that
    // starts workers.
    let own = filters.split(separator: "\n").map(String.init)
    #expect(own.dropFirst(2) == ["worker 2", "main later 2"], "\(own)")
  }

  @Test func `a program that starts no workers runs without a filter`() throws {
    let script = "grep Seccomp: /proc/self/status; sh -c 'grep Seccomp: /proc/self/status'"
    let run = try Traced.run(["sh", "-c", script])
    #expect(run.outcome.standardOutput == "Seccomp:\t0\nSeccomp:\t0\n")
  }

  /// With forkserver no other sign comes before pickling has failed.
  @Test(arguments: Interpreters.all)
  func `a program gets the filter when it opens a module that starts workers`(
    interpreter: Interpreters.Interpreter
  ) throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing, time
      from multiprocessing import popen_forkserver
      if __name__ == "__main__":
          end = time.time() + 30
          while time.time() < end:
              with open("/proc/self/status") as status:
                  if "Seccomp:\\t2" in status.read():
                      break
          multiprocessing.get_context("forkserver").Process(target=lambda: 0).start()

      """)
    let run = try Traced.run([interpreter.path, "main.py"], in: folder.path)
    #expect(run.outcome.ending == "status 1")
    #expect(run.report?.findings.map(\.rule) == ["ST203"])
    #expect(run.report?.findings.first?.culprit?.line == 9)
  }

  /// Filters that some containers have: one refuses a call, one has a listener already.
  enum Container: String, CaseIterable, Sendable {
    case refusesDescriptors = """
      struct sock_filter filter[] = {
          {BPF_LD | BPF_W | BPF_ABS, 0, 0, 0},
          {BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 438},  // pidfd_getfd
          {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ERRNO | EPERM},
          {BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
      int flags = 0;
      """
    case listens = """
      struct sock_filter filter[] = {{BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW}};
      int flags = SECCOMP_FILTER_FLAG_NEW_LISTENER;
      """
  }

  @Test(arguments: Container.allCases)
  func `in containers a cycle is proven, too`(container: Container) throws {
    let folder = try ScratchFolder()
    try folder.write(
      "main.py",
      """
      import multiprocessing
      multiprocessing.get_context("spawn").Process(target=print).start()

      """)
    let wrapper = try CProgram.withPrelude(
      """
      #include <linux/filter.h>
      #include <linux/seccomp.h>
      int main(int count, char **arguments) {
        \(container.rawValue)
        struct sock_fprog program = {sizeof filter / sizeof *filter, filter};
        need(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0);
        need(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flags, &program) >= 0);
        execv(arguments[1], arguments + 1);
        return 97;
      }
      """)
    for interpreter in [Interpreters.all.first, Interpreters.all.last].compactMap(\.self) {
      let run = try Traced.run(
        [interpreter.path, "-B", "main.py"], in: folder.path, startedBy: [wrapper])
      #expect(run.outcome.ending == "status 112", "\(run.outcome.standardError)")
      #expect(run.report?.findings.first?.certainty == "proven")
      #expect(run.report?.trace.limitations == [])
    }
  }

  @Test func `if the program has a filter of its own, it gets none of ours, and that is reported`()
    throws
  {
    let folder = try ScratchFolder()
    try folder.write("main.py", Self.program)
    try folder.write("look.py", Self.look)
    let filtered = try CProgram.underItsOwnFilter()
    let run = try Traced.run(
      [filtered, try Interpreters.newest().path, "main.py", "spawn"], in: folder.path)
    #expect(run.outcome.ending == "status 0")
    #expect(run.outcome.standardError.contains("could not be seen"))
    #expect(run.report?.trace.limitations.count == 1)
  }
}
