import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// ST203: a task that can't be sent to a worker.
struct UnpicklableTests {
  private static func starting(_ exception: String) -> String {
    """
    Traceback (most recent call last):
      File "/w/main.py", line 5, in <module>
        process.start()
      File "\(Stacks.library)/multiprocessing/process.py", line 121, in start
        self._popen = self._Popen(self)
      File "\(Stacks.library)/multiprocessing/popen_spawn_posix.py", line 47, in _launch
        reduction.dump(process_obj, fp)
      File "\(Stacks.library)/multiprocessing/reduction.py", line 60, in dump
        ForkingPickler(file, protocol).dump(obj)
    \(exception)

    """
  }

  private func main(_ texts: [String]) -> EventList {
    var list = EventList()
    list.main(100, "main.py")
    for text in texts { list.write(100, to: 2, text, stack: Stacks.read([])) }
    list.exit(100, .status(1))
    return list
  }

  @Test(
    "pickle's exceptions, in the words of every version, and others on the same way",
    arguments: [
      (
        "_pickle.PicklingError: Can't pickle <function <lambda> at 0x7f10>: attribute lookup <lambda> on __main__ failed",
        "a lambda"
      ),
      (
        "AttributeError: Can't pickle local object 'main.<locals>.work'",
        "`main.<locals>.work`, which is local,"
      ),
      ("AttributeError: Can't get local object 'run.<locals>.<lambda>'", "a lambda"),
      ("TypeError: cannot pickle '_thread.lock' object", "`_thread.lock`"),
      ("TypeError: can't pickle _thread.lock objects", nil),
      ("ValueError: an object's own __reduce__", nil),
    ] as [(String, String?)])
  func exceptions(exception: String, name: String?) throws {
    let (report, announced) = main([Self.starting(exception)]).run()
    #expect(announced.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.rule == .unpicklableTarget)
    #expect(
      finding.title == name.map { "\($0) cannot be sent to a worker" }
        ?? "what a worker should run cannot be pickled")
    #expect(finding.culprit?.line == 5)
    #expect(finding.startMethod == .spawn)
    #expect(finding.certainty == .proven)
  }

  /// At the interpreter's end a Pool can't send its workers' end: the module that pickles is gone.
  @Test("A failure in an object's deletion isn't a worker's start")
  func deleted() {
    let text = """
      Exception ignored in: <function Pool.__del__ at 0x7f10>
      Traceback (most recent call last):
        File "/v/lib/python3.12/site-packages/multiprocess/pool.py", line 271, in __del__
          self._change_notifier.put(None)
        File "/v/lib/python3.12/site-packages/multiprocess/queues.py", line 397, in put
          obj = _ForkingPickler.dumps(obj)
        File "/v/lib/python3.12/site-packages/multiprocess/reduction.py", line 57, in dumps
          cls(buf, protocol, *args, **kwds).dump(obj)
      AttributeError: 'NoneType' object has no attribute 'settings'

      """
    let (report, announced) = main([text]).run()
    #expect(announced.isEmpty && report.findings.isEmpty)
  }

  @Test("Written in pieces, it is reported when it is whole, and once")
  func pieces() {
    let text = Self.starting("AttributeError: Can't get local object 'f.<locals>.g'")
    let lines = text.split(separator: "\n").map { String($0) + "\n" }
    let (report, announced) = main(lines + lines).run()
    #expect(announced.count == 1)
    #expect(report.findings.first?.culprit?.line == 5)
  }

  @Test("Coloured, it is read as well")
  func colours() {
    let text = Self.starting("AttributeError: Can't get local object 'f.<locals>.g'")
      .replacing("\"/w/main.py\"", with: "\u{1B}[35m\"/w/main.py\"\u{1B}[0m")
      .replacing("AttributeError", with: "\u{1B}[1;35mAttributeError\u{1B}[0m")
    // The path stands between the quotes of the line, as Lib/traceback.py writes it.
    #expect(main([text]).findings.first?.culprit?.path == "/w/main.py")
  }

  @Test(
    "Other exceptions, and pickle's elsewhere, don't count",
    arguments: [
      starting("KeyboardInterrupt"),
      """
      Traceback (most recent call last):
        File "/w/main.py", line 5, in <module>
          pickle.dumps(lambda: 0)
      _pickle.PicklingError: Can't pickle <function <lambda> at 0x7f10>

      """,
      """
      Traceback (most recent call last):
        File "\(Stacks.library)/multiprocessing/pool.py", line 131, in worker
          put((job, i, result))
        File "\(Stacks.library)/multiprocessing/reduction.py", line 51, in dumps
          cls(buf, protocol).dump(obj)
      _pickle.PicklingError: Can't pickle <function <lambda> at 0x7f10>

      """,
    ])
  func others(text: String) {
    #expect(main([text]).findings.isEmpty)
  }

  @Test("A task that another thread sends: the user's line is in the exception's own traceback")
  func tasks() throws {
    let text = """
      concurrent.futures.process._RemoteTraceback:
      \"\"\"
      Traceback (most recent call last):
        File "\(Stacks.library)/multiprocessing/queues.py", line 264, in _feed
          obj = _ForkingPickler.dumps(obj)
        File "\(Stacks.library)/multiprocessing/reduction.py", line 51, in dumps
          cls(buf, protocol).dump(obj)
      _pickle.PicklingError: Can't pickle <function <lambda> at 0x7f10>
      \"\"\"

      The above exception was the direct cause of the following exception:

      Traceback (most recent call last):
        File "/w/main.py", line 9, in <module>
          print(future.result())
      _pickle.PicklingError: Can't pickle <function <lambda> at 0x7f10>

      """
    let finding = try #require(main([text]).findings.first)
    #expect(finding.culprit?.line == 9)
  }
}
