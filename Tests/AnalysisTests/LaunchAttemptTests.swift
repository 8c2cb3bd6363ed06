import Analysis
import Diagnostics
import TestSupport
import Testing
import TraceModel

/// ST203: a start that launches no worker, and a worker that doesn't find its task.
struct LaunchAttemptTests {
  private static let folder = Stacks.library + "/multiprocessing"

  private static func site(_ line: Int) -> PythonFrame {
    Stacks.frame("/w/main.py", line, "<module>", module: "__main__")
  }

  private static func opening(_ line: Int) -> StackReading {
    Stacks.read(Stacks.start(), [site(line)])
  }

  private static func launching(_ inner: [PythonFrame], _ line: Int) -> StackReading {
    Stacks.read(
      inner,
      [
        Stacks.frame(folder + "/popen_spawn_posix.py", 40, "_launch"),
        Stacks.frame(folder + "/process.py", 121, "start"), site(line),
      ])
  }

  private static let tracker = [Stacks.frame(folder + "/resource_tracker.py", 207, "getfd")]

  /// - Parameter script: nil for a program that is typed in, as with `python -c`.
  private func main(
    _ script: String? = "main.py", _ rest: (inout EventList) -> Void
  ) -> EventList {
    var list = EventList()
    if let script {
      list.main(100, script)
    } else {
      list.launch(100)
      list.execute(100, "/usr/bin/python3.12", ["python3", "-c", "f()"])
    }
    rest(&list)
    return list
  }

  private static func starter(_ name: String) -> String { folder + "/\(name).py" }

  @Test func `the process ends by itself: where it was started`() throws {
    let list = main { list in
      list.open(100, Self.starter("popen_spawn_posix"), stack: Self.opening(5))
      list.fork(100, 101, by: .vfork, stack: Self.launching(Self.tracker, 5))
      list.exit(100, .status(1))
    }
    let (report, announced) = list.run()
    #expect(announced.count == 1)
    let finding = try #require(report.findings.first)
    #expect(finding.rule == .unpicklableTarget && finding.certainty == .proven)
    #expect(finding.culprit?.line == 5 && finding.startMethod == .spawn)
  }

  @Test func `a start that CPython refuses in a worker is the cycle's, whatever printed it`() {
    var list = EventList()
    list.main(100, "main.py")
    list.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
    list.open(101, "/w/main.py", times: 3)
    // pytest's capture opens it, too, and not only a worker that is ready.
    list.open(101, "/dev/null")
    let test = [Stacks.frame("/w/test_a.py", 3, "test_a"), Stacks.main(12)]
    list.open(
      101, Self.starter("popen_spawn_posix"),
      stack: Stacks.read(Stacks.start(), test, Stacks.boot()))
    list.open(
      101, Self.starter("popen_spawn_posix"),
      stack: Stacks.read(
        [Stacks.frame(Stacks.library + "/linecache.py", 139, "updatecache"), Stacks.main(12)],
        Stacks.boot()))
    list.exit(101, .status(1))
    list.exit(100, .status(1))
    #expect(list.findings.map(\.rule) == [.reexecCycle])
  }

  @Test func `the next start, or another place, shows it before the end`() {
    let starts = main { list in
      list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
      list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 6))
      list.add(.piped, by: 100, stack: Self.launching([], 6))
    }
    #expect(starts.findings.map(\.culprit?.line) == [5])
    let elsewhere = main { list in
      list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
      list.add(.piped, by: 100, stack: Stacks.read([Self.site(9)]))
    }
    #expect(elsewhere.findings.map(\.culprit?.line) == [5])
  }

  @Test func `an import that looks for a file that isn't there is no start`() {
    let list = main { list in
      let file = FileOpen(
        path: Self.starter("popen_forkserver"), identity: nil, meaning: .starter)
      list.add(.opened(file), by: 100, stack: Self.opening(5))
      list.exit(100)
    }
    #expect(list.findings.isEmpty)
  }

  /// From 3.13 on the standard library prints tracebacks, and reads the lines' files for that.
  private static let printing = Stacks.read([
    Stacks.frame(Stacks.library + "/linecache.py", 139, "updatecache"),
    Stacks.frame(Stacks.library + "/traceback.py", 532, "_extract_from_extended_frame_gen"),
  ])

  private static let traceback = """
    Traceback (most recent call last):
      File "/w/main.py", line 9, in <module>
        process.start()
      File "/usr/lib/python3.13/multiprocessing/popen_forkserver.py", line 47, in _launch
        reduction.dump(process_obj, buf)
      File "/usr/lib/python3.13/multiprocessing/reduction.py", line 60, in dump
        ForkingPickler(file, protocol).dump(obj)
    _pickle.PicklingError: Can't pickle <function <lambda> at 0x7f>: it's not found as __main__.x

    """

  @Test func `a failed start that is only seen by its traceback's files has the text's line`() {
    let list = main { list in
      list.open(100, Self.starter("popen_forkserver"), stack: Self.printing)
      list.write(100, to: 2, Self.traceback)
      list.exit(100, .status(1))
    }
    #expect(list.run().announced.map(\.culprit?.line) == [9])
    let other = main { list in
      list.open(100, Self.starter("popen_spawn_posix"), stack: Self.printing)
      list.write(
        100, to: 2,
        """
        Traceback (most recent call last):
          File "/w/main.py", line 9, in <module>
            process.start()
          File "/usr/lib/python3.13/multiprocessing/popen_spawn_posix.py", line 58, in _launch
            self.pid = util.spawnv_passfds(spawn.get_executable(),
        BlockingIOError: [Errno 11] Resource temporarily unavailable

        """)
      list.exit(100, .status(1))
    }
    #expect(other.findings.isEmpty)
    let silent = main { list in
      list.open(100, Self.starter("popen_forkserver"), stack: Self.printing)
      list.exit(100, .status(1))
    }
    #expect(silent.run().announced.map(\.certainty) == [.likely])
  }

  /// Since 3.13 all sources are read before the first line is printed.
  @Test func `an exception that is being printed isn't kept by the program`() throws {
    let printing = Stacks.read([
      Stacks.frame(Stacks.library + "/linecache.py", 139, "updatecache"),
      Stacks.frame(Stacks.library + "/traceback.py", 142, "_print_exception_bltin"),
    ])
    let list = main { list in
      list.fork(100, 101, by: .vfork, stack: Self.launching(Self.tracker, 5))
      list.open(100, Self.starter("popen_spawn_posix"), stack: printing)
      list.write(
        100, to: 2,
        """
        Traceback (most recent call last):
          File "/w/main.py", line 5, in <module>
            process.start()
          File "\(Self.folder)/reduction.py", line 60, in dump
            ForkingPickler(file, protocol).dump(obj)
        TypeError: cannot pickle '_thread.lock' object

        """)
      list.exit(100, .status(1))
    }
    let (report, announced) = list.run()
    #expect(announced.map(\.title) == ["`_thread.lock` cannot be sent to a worker"])
    #expect(report.findings.count == 1)
  }

  @Test func `a forkserver's client that never asks it`() throws {
    let list = main { list in
      list.open(100, Self.starter("popen_forkserver"), stack: Self.opening(5))
      list.exit(100)
    }
    let finding = try #require(list.findings.first)
    #expect(finding.startMethod == .forkserver && finding.culprit?.line == 5)
    #expect(finding.consequence == .masked)
  }

  @Test func `not: a worker, a pipe, a signal, a kill, a boot window, a module alone`() {
    let lists = [
      main { list in
        list.open(100, Self.starter("popen_spawn_posix"), times: 2, stack: Self.opening(5))
        list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
        list.spawnWorker(100, 101, stack: Self.launching([], 5))
        list.open(101, "/w/main.py", times: 3)
        list.open(101, "/dev/null")
        list.exit(101)
        list.exit(100)
      },
      // All calls are events, with their stacks.
      main { list in
        list.open(100, Self.starter("popen_spawn_posix"), stack: Self.opening(5))
        list.add(.piped, by: 100, stack: Self.launching(Self.tracker, 5))
        list.fork(100, 101, by: .vfork, stack: Self.launching(Self.tracker, 5))
        list.add(.piped, by: 100, stack: Self.launching(Self.tracker, 5))
        list.spawnWorker(100, 102, stack: Self.launching([], 5))
        list.open(102, "/w/main.py", times: 3)
        list.open(102, "/dev/null")
        list.exit(102)
        list.exit(100)
      },
      // The task is pickled, and the fork fails.
      main { list in
        list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
        list.add(.piped, by: 100, stack: Self.launching([], 5))
        list.exit(100, .status(1))
      },
      main { list in
        list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
        list.signal(100, 2)
        list.exit(100, .status(130))
      },
      main { list in
        list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
        list.exit(100, .signal(9))
      },
      main { list in
        list.open(
          100, Self.starter("popen_spawn_posix"),
          stack: Stacks.read(Stacks.importing, [Self.site(5)]))
        list.exit(100)
      },
    ]
    for (index, list) in lists.enumerated() { #expect(list.findings.isEmpty, "\(index)") }
  }

  @Test func `a traceback that comes later adds pickle's words, not another finding`() throws {
    let list = main { list in
      list.write(100, to: 5, "PROBE:0:noop\n", stack: Self.launching(Self.tracker, 5))
      list.add(.piped, by: 100, stack: Stacks.read([Self.site(9)]))
      list.write(
        100, to: 2,
        """
        Traceback (most recent call last):
          File "/w/main.py", line 5, in <module>
            process.start()
          File "\(Self.folder)/reduction.py", line 60, in dump
            ForkingPickler(file, protocol).dump(obj)
        TypeError: cannot pickle '_thread.lock' object

        """)
      list.exit(100, .status(1))
    }
    let findings = list.findings
    #expect(findings.count == 1)
    #expect(findings.first?.title == "`_thread.lock` cannot be sent to a worker")
  }

  // MARK: Names that a worker doesn't find

  private func lookup(
    _ message: String, _ definition: SourceDefinition?, of script: String? = "main.py"
  ) -> EventList {
    main(script) { list in
      list.spawnWorker(100, 101, stack: Stacks.starting(line: 12))
      list.open(101, "/w/main.py", times: 3)
      let text = """
        Traceback (most recent call last):
          File "<string>", line 1, in <module>
          File "\(Self.folder)/spawn.py", line 122, in spawn_main
          File "\(Self.folder)/spawn.py", line 132, in _main
        AttributeError: \(message)

        """
      list.add(
        .wrote(WrittenText(descriptor: 2, text: text, definition: definition)), by: 101,
        stack: Stacks.read([]))
      list.exit(101, .status(1))
    }
  }

  @Test(
    arguments: [
      "Can't get attribute 'f' on <module '__mp_main__' from '/w/main.py'>",
      "module '__mp_main__' has no attribute 'f'",
    ])
  func `at the definition, with where it was asked for`(message: String) throws {
    let definition = SourceDefinition(
      path: "/w/main.py", place: .init(line: 4),
      source: SourceExcerpt(
        line: "    def f():", statement: .init(number: 3, line: "if __name__ == '__main__':")))
    let finding = try #require(lookup(message, definition).findings.first)
    #expect(finding.rule == .unpicklableTarget)
    #expect(finding.culprit?.line == 4 && finding.callSite?.line == 12)
    #expect(finding.title == "a worker does not find `f`")
    let unknown = try #require(lookup(message, nil).findings.first)
    #expect(unknown.rule == .unpicklableTarget && unknown.culprit?.line == 12)
  }

  @Test func `where main isn't imported again, it is a crash, unless main has no file`() throws {
    let message = "Can't get attribute 'f' on <module '__main__' (built-in)>"
    #expect(try #require(lookup(message, nil).findings.first).rule == .workerCrash)
    let typed = try #require(lookup(message, nil, of: nil).findings.first)
    #expect(typed.rule == .unpicklableTarget)
  }
}
