import CILog
import Testing
import TraceModel

/// ST202 and ST203, and reports of spawntrace in a log.
struct NoteTests {
  private static let library = "/usr/lib/python3.12"

  private static func sending(_ exception: String) -> String {
    "Traceback (most recent call last):\n"
      + Worker.frame("/w/main.py", 5, "<module>", "process.start()")
      + Worker.frame(
        library + "/multiprocessing/popen_spawn_posix.py", 47, "_launch",
        "reduction.dump(process_obj, fp)")
      + Worker.frame(
        library + "/multiprocessing/reduction.py", 60, "dump",
        "ForkingPickler(file, protocol).dump(obj)")
      + exception + "\n"
  }

  @Test(arguments: [
    "_pickle.PicklingError: Can't pickle <function <lambda> at 0x7f>: attribute lookup failed",
    "AttributeError: Can't pickle local object 'main.<locals>.work'",
    "AttributeError: Can't get local object 'main.<locals>.work'",
    "TypeError: cannot pickle '_thread.lock' object",
    "TypeError: can't pickle _thread.lock objects",
  ]) func `what can't be pickled is ST203`(_ exception: String) {
    let fault = Self.sending(exception).reading.faults.first
    #expect(fault?.rule == "ST203")
    #expect(fault?.culprit?.line == 5)
    #expect(fault?.startMethod == .spawn)
    #expect(fault?.message == exception)
  }

  @Test(arguments: [
    "AttributeError: Can't get attribute 'work' on <module '__main__' (built-in)>",
    "AttributeError: module '__mp_main__' has no attribute 'work'",
  ]) func `what isn't found is ST203 without a place`(_ exception: String) {
    let text =
      "Process SpawnProcess-1:\nTraceback (most recent call last):\n"
      + Worker.frame(
        Self.library + "/multiprocessing/process.py", 314, "_bootstrap", "self.run()")
      + Worker.frame(
        Self.library + "/multiprocessing/queues.py", 120, "get", "return _ForkingPickler.loads(res)"
      )
      + exception + "\n"
    #expect(text.reading.faults.map(\.rule) == ["ST203"])
    #expect(text.reading.faults.first?.culprit == nil)
  }

  private static func lookup(_ name: String, _ path: String) -> String {
    "Traceback (most recent call last):\n" + Worker.frame("<string>", 1, "<module>")
      + Worker.frame(
        library + "/multiprocessing/spawn.py", 122, "spawn_main", "exitcode = _main(fd)")
      + Worker.frame(
        library + "/multiprocessing/spawn.py", 132, "_main", "self = pickle.load(from_parent)")
      + "AttributeError: Can't get attribute '\(name)' on <module '__mp_main__' from '\(path)'>\n"
  }

  @Test func `what isn't found has the script's path for its place`() {
    let log =
      Self.lookup("inner", "/w/a.py") + Self.lookup("inner", "/w/a.py")
      + Self.lookup("Task.run", #"C:\\w\\b.py"#)
    let faults = log.reading.faults
    #expect(faults.map(\.culprit?.path) == ["/w/a.py", #"C:\w\b.py"#])
    #expect(faults.map(\.script) == ["/w/a.py", #"C:\w\b.py"#])
    #expect(faults.map(\.culprit?.line) == [nil, nil])
    #expect(faults.map(\.missingName) == ["inner", "Task"])
    #expect(faults.map(\.count) == [2, 1])
  }

  @Test func `pickling without processes is no fault`() {
    let text =
      "Traceback (most recent call last):\n"
      + Worker.frame("/w/cache.py", 5, "save", "pickle.dumps(f)")
      + "AttributeError: Can't pickle local object 'f.<locals>.g'\n"
    #expect(text.reading.faults == [])
  }

  private static let broken =
    "Traceback (most recent call last):\n"
    + Worker.frame("/w/main.py", 14, "<module>", "list(e.map(f, x))")
    + Worker.frame(
      library + "/concurrent/futures/_base.py", 401, "__get_result", "raise self._exception")
    + "concurrent.futures.process.BrokenProcessPool: A process in the process pool was terminated "
    + "abruptly while the future was running or pending.\n"

  @Test func `a broken pool alone is ST202`() {
    let fault = Self.broken.reading.faults.first
    #expect(fault?.rule == "ST202")
    #expect(fault?.callSite?.line == 14)
    // The parent's line is not where the worker ended.
    #expect(fault?.culprit == nil)
  }

  @Test func `a broken pool beside a cycle is its consequence`() {
    #expect((Worker.traceback() + Self.broken).reading.faults.map(\.rule) == ["ST101"])
    #expect((Worker.message + Self.broken).reading.faults == [])
  }

  @Test func `a fatal error shows the worker's line`() {
    let dump = """
      Fatal Python error: Segmentation fault

      Thread 0x00007f01 (most recent call first):
        File "/usr/lib/python3.12/threading.py", line 359 in wait
        File "/w/other.py", line 3 in loop

      Current thread 0x00007f02 (most recent call first):
        File "/usr/lib/python3.12/ctypes/__init__.py", line 525 in string_at
        File "/w/main.py", line 7 in work
        File "/usr/lib/python3.12/multiprocessing/process.py", line 108 in run

      Extension modules: numpy (total: 1)

      """
    let fault = dump.reading.faults.first
    #expect(fault?.rule == "ST202")
    #expect(fault?.message == "Fatal Python error: Segmentation fault")
    #expect(fault?.culprit?.line == 7)
    #expect(fault?.frames.count == 3)
  }

  /// What Python 3.14 prints (Python/pylifecycle.c, `fatal_error_dump_c_stack`).
  private static let native = """

    Current thread's C stack trace (most recent call first):
      Binary file "/usr/bin/python3.14", at _Py_DumpStack+0x4a [0x49b2f9]
      Binary file "/usr/lib/libffi.so.8", at ffi_call+0x155 [0x7fb41ed1cfe5]

    """

  private static func crash(_ frames: String) -> String {
    "Fatal Python error: Segmentation fault\n\n"
      + "Current thread 0x00007fb41f0f8400 [python3.14] (most recent call first):\n"
      + "  File \"/w/jobs/crash.py\", line 8 in poke\n" + frames
  }

  @Test func `the frames of C leave the worker's place`() {
    let frames =
      "  File \"/usr/lib/python3.14/multiprocessing/process.py\", line 320 in _bootstrap\n"
      + "  File \"/usr/lib/python3.14/multiprocessing/spawn.py\", line 122 in spawn_main\n"
      + "  File \"<string>\", line 1 in <module>\n"
    let reading = (Self.crash(frames + Self.native) + Self.crash(frames)).reading
    #expect(reading.faults.map(\.rule) == ["ST202"])
    #expect(reading.faults.first?.culprit?.line == 8)
    #expect(reading.faults.first?.frames.count == 4)
    #expect(reading.faults.first?.count == 2)
  }

  @Test func `the crash of a program without workers is none of a worker`() {
    let plain = Self.crash("  File \"/w/jobs/crash.py\", line 12 in <module>\n")
    #expect(plain.reading.faults == [])
    #expect((plain + Self.native).reading.faults == [])
    // A pool's other threads belong to the parent.
    let parent =
      "\nThread 0x00007fb41f0f8401 (most recent call first):\n"
      + "  File \"/usr/lib/python3.14/multiprocessing/pool.py\", line 579 in _handle_results\n"
    #expect((plain + parent).reading.faults == [])
    #expect((plain + Self.broken).reading.faults.map(\.culprit?.line) == [8])
  }

  @Test func `an interpreter that can't start is no worker's crash`() {
    let text =
      "Fatal Python error: init_import_site: Failed to import the site module\n"
      + "Python runtime state: initialized\n"
    #expect(text.reading.faults == [])
  }

  private static let report = """
    error[ST101]: main.py is run again by each worker that it starts
      --> main.py:13
       |
    13 |     process.start()
       |     ^^^^^^^^^^^^^^^
       = start method: spawn, chosen by the program or a library (a context, or set_start_method)

    id v2:7f3a91c27f3a91c2  proven at 0.213 s by event 217, Python 3.8.18

    """

  @Test func `our own report stands for the fault`() {
    for text in [Self.report, Self.report.prefixed("2026-01-01T00:00:00.1234567Z ")] {
      let reading = (text + Worker.traceback("/w/main.py", 13)).reading
      #expect(reading.faults.count == 1)
      let fault = reading.faults.first
      #expect(fault?.kind == .ownReport(rule: "ST101"))
      #expect(fault?.fingerprint == "v2:7f3a91c27f3a91c2")
      #expect(fault?.culprit?.path == "main.py")
      #expect(fault?.culprit?.line == 13)
      #expect(fault?.culprit?.source?.line == "process.start()")
      #expect(fault?.startMethod == .spawn)
      #expect(fault?.python?.description == "3.8.18")
    }
  }

  @Test func `our short report stands for the fault`() {
    let fault = "a/main.py:7: error[ST106]: nothing moves [v1:0ae0d46c]\n".reading.faults.first
    #expect(fault?.rule == "ST106")
    #expect(fault?.message == "nothing moves")
    #expect(fault?.culprit?.path == "a/main.py")
    #expect(fault?.fingerprint == "v1:0ae0d46c")
  }

  @Test func `our own documentation is no report`() {
    #expect(("# How\n\n```text\n" + Self.report + "```\n").reading.faults == [])
    #expect(Self.report.prefixed("+").reading.faults == [])
  }
}
