import CILog
import Testing
import TraceModel

/// pytest's own reports of tests that fail in a worker.
struct PytestTests {
  private static let library = "/usr/lib/python3.12/multiprocessing"
  private static let separator = String(repeating: "_ ", count: 40) + "\n"

  private static func header(_ name: String, _ sign: String = "_") -> String {
    let line = String(repeating: sign, count: 30)
    return line + " " + name + " " + line + "\n"
  }

  private static let start =
    [
      ("process.py:121: in start", "self._popen = self._Popen(self)"),
      ("context.py:289: in _Popen", "return Popen(process_obj)"),
      ("popen_spawn_posix.py:32: in __init__", "super().__init__(process_obj)"),
      ("popen_fork.py:19: in __init__", "self._launch(process_obj)"),
      ("popen_spawn_posix.py:42: in _launch", "prep_data = spawn.get_preparation_data(name)"),
      ("spawn.py:164: in get_preparation_data", "_check_not_importing_main()"),
    ].map { "\(library)/\($0)\n    \($1)\n" }.joined()

  private static let message = Worker.message.prefixed("E   ")

  /// `--tb=long`, which shows the functions' texts.
  private static func long(_ test: String) -> String {
    "F      [100%]\n" + header("FAILURES", "=") + header("test_pool") + "\n" + test
      + "\ntests/test_par.py:10: \n" + separator + start + separator
      + "\n    def _check_not_importing_main():\n        if inheriting:\n"
      + ">           raise RuntimeError(\'\'\'\n\(Self.raised)            \'\'\')\n" + message
      + "\n\(library)/spawn.py:140: RuntimeError\n" + header("short test summary info", "=")
  }

  private static let raised = Worker.message.split(separator: "\n").dropFirst()
    .map { "    " + $0 + "\n" }.joined()

  @Test(arguments: [0, 3, 40], ["", "2026-01-01T00:00:00.1234567Z "])
  func `the function's text may be far above its frame`(_ lines: Int, _ prefix: String) {
    let text =
      "    def test_pool():\n" + String(repeating: "        x = 1\n", count: lines)
      + "        def work():\n            pass\n>       p.start()\n"
    let fault = Self.long(text).prefixed(prefix).reading.faults.first
    #expect(fault?.callSite?.path == "tests/test_par.py")
    #expect(fault?.callSite?.line == 10)
    #expect(fault?.callSite?.function == "test_pool")
    if lines < 10 { #expect(fault?.callSite?.source?.line == "p.start()") }
  }

  private static func header(of test: String) -> String {
    header("FAILURES", "=") + header(test)
  }

  private static let worker =
    header(of: "test_pool") + "tests/test_par.py:10: in test_pool\n    p.start()\n" + start
    + "\(library)/spawn.py:140: in _check_not_importing_main\n    raise RuntimeError(\'\'\'\n"
    + message

  /// The parent's report: its test fails, as the worker has.
  private static func parent(_ exception: String) -> String {
    "F      [100%]\n" + header(of: "test_pool")
      + "tests/test_par.py:12: in test_pool\n    assert p.exitcode == 0\n" + exception
  }

  @Test(arguments: [
    parent("E   AssertionError: assert 1 == 0\nE    +  where 1 = <SpawnProcess>.exitcode\n"),
    parent(header("Captured stdout call", "-")), parent(""),
  ]) func `the parent's frames are not the worker's`(_ parent: String) {
    let reading = (parent + Self.worker).reading
    #expect(reading.faults.map(\.callSite?.line) == [10])
    #expect(reading.faults.first?.frames.contains { $0.line == 12 } == false)
  }

  @Test func `a traceback behind pytest's mark is read`() {
    let text = Self.parent("") + Worker.traceback("/w/other.py").prefixed("E   ")
    #expect(text.reading.faults.map(\.culprit?.path) == ["/w/other.py"])
  }
}
