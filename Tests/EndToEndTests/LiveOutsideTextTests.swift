import Foundation
import TestSupport
import Testing

/// Nothing that a traced program can name acts on a terminal or in the log of a CI job.
struct LiveOutsideTextTests {
  private static let line = EvilText.line.replacing("/", with: "")

  private let folder: ScratchFolder
  private let work: String
  private let python: String

  init() throws {
    folder = try ScratchFolder()
    python = try Interpreters.newest().path
    // Paths may hold all characters but one.
    work = folder.file("::error::PWN " + EvilText.lines.replacing("/", with: ""))
    try FileManager.default.createDirectory(atPath: work, withIntermediateDirectories: true)
  }

  /// What each program begins with: it has nothing to say for itself, and evil names at hand.
  private static let head = """
    import multiprocessing, os, sys, threading, time
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
    EVIL = os.environ["EVIL"]
    LINE = EVIL.replace(chr(10), " ").replace(chr(13), " ")
    spawn = multiprocessing.get_context("spawn")
    def renamed(function):
        code = function.__code__.replace(co_name=EVIL)
        if hasattr(code, "co_qualname"): code = code.replace(co_qualname=EVIL)
        function.__code__ = code
        return function
    class Failure(Exception): pass
    class Evil(Exception): pass
    Evil.__name__ = Evil.__qualname__ = "E" + EVIL

    """

  private static let programs = [
    // A cycle, whose statement has the text, too.
    """
    def work(): pass
    @renamed
    def start(): spawn.Process(target=work, name=EVIL).start()  # \(line)
    start()  # \(line)
    """,
    // Workers that die of an exception.
    """
    def work(isEvil): raise (Evil(EVIL) if isEvil else Failure(LINE))  # \(line)
    if __name__ == "__main__":
        for isEvil in True, False:
            process = spawn.Process(target=work, args=(isEvil,))
            process.start()  # \(line)
            process.join()
    """,
    // A worker for which its task isn't there, and one whose task can't be sent.
    """
    if __name__ == "__main__":
        work = renamed(lambda: None)
        work.__name__ = work.__qualname__ = EVIL
        setattr(sys.modules["__main__"], EVIL, work)
        spawn.Process(target=work).start()
        spawn.Process(target=lambda: None).start()
    """,
    // Main exits while a worker imports it.
    """
    def work(): pass
    if __name__ != "__main__": sys.exit(EVIL)  # \(line)
    process = spawn.Process(target=work)
    process.start()  # \(line)
    process.join()
    """,
    // A deadlock of named threads.
    """
    lock = threading.Lock()
    @renamed
    def wait():  # \(line)
        lock.acquire()  # \(line)
    if __name__ == "__main__":
        lock.acquire()
        threading.Thread(target=wait, name=EVIL).start()
        try: open("/proc/self/comm", "w").write("::error::\\x1b[1m")
        except OSError: pass
        wait()
    """,
    // Another program with such arguments.
    """
    import subprocess
    subprocess.run(["sh", "-c", "exit 0", EVIL])
    subprocess.run([sys.executable, sys.argv[0], EVIL])  # \(line)
    """,
  ]

  /// What the programs are.
  private static let verdicts = [
    "reexec-cycle", "worker-crash", "unpicklable-target", "never-ran", "deadlock",
    "subprocess-cycle",
  ]

  @Test(arguments: programs.indices)
  func `nothing that a program names acts, live or later`(index: Int) throws {
    let name = "::error::PWN " + Self.line + ".py"
    try (Self.head + Self.programs[index])
      .write(toFile: work + "/" + name, atomically: false, encoding: .utf8)
    let recording = folder.file("run.jsonl")
    let report = folder.file("report.json")
    let runs = [
      [
        "run", "-v", "--report", "full", "--color", "always", "--record", recording, "--json",
        report,
      ],
      ["run", "--report", "short", "--capture", "all"], ["fix"],
    ]
    for options in runs {
      try expectHarmless(options + ["--timeout", "3", "--", python, name, EvilText.lines])
    }
    for file in [try contents(recording), try contents(report)] {
      #expect(EvilText.faults(in: file).isEmpty)
    }
    let verdict = #""verdict": "\#(Self.verdicts[index])""#
    #expect(String(decoding: try contents(report), as: UTF8.self).contains(verdict))
    for options in [
      ["replay", "-v", "--report", "full"], ["export", "--to", "jsonl", "--flat"], ["triage"],
      ["replay", "--report", "short"],
    ] {
      try expectHarmless(options + [recording])
    }
    try expectHarmless(["triage", report])
    try expectHarmless(["diff", recording, recording])
  }

  @Test func `a diff with such text is kept by a file, and a pipe gets none of it`() throws {
    try Self.head.appending(Self.programs[0])
      .write(toFile: work + "/main.py", atomically: false, encoding: .utf8)
    let diff = folder.file("fix.diff")
    try expectHarmless(["fix", "--write", diff, "--", python, "main.py"])
    #expect(String(decoding: try contents(diff), as: UTF8.self).contains(Self.line))
    try expectHarmless(["fix", "--write", "-", "--", python, "main.py"])
    try expectHarmless(["fix", "--write", "/dev/stdout", "--", python, "main.py"])
    let applied = try ChildProcess.run(["git", "apply", diff], in: work)
    #expect(applied.status == 0, "\(applied.standardError)")
  }

  private func contents(_ path: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path))
  }

  private func expectHarmless(_ arguments: [String]) throws {
    let output = try PrintedOutput.of(
      arguments, in: work,
      environment: ["EVIL": EvilText.lines, "PYTEST_CURRENT_TEST": EvilText.lines])
    let faults = EvilText.faults(in: output, isColored: arguments.contains("always"))
    #expect(faults.isEmpty, "\(arguments.prefix(4)): \(faults.prefix(5))")
  }
}
