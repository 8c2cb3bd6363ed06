import Analysis
import Diagnostics
import Fixing
import TraceModel

/// Reports made by hand, each as a run would give it.
enum Fixtures {
  /// A test run of an unguarded script: unittest reaches a Pool in another file by an import.
  static func seed() -> RunReport {
    let script = SourceLocation(
      path: "/w/runtest.py", line: 6, function: "<module>",
      source: SourceExcerpt(line: "result = unittest.TextTestRunner(verbosity=2).run(suite)"))
    let site = SourceLocation(
      path: "/w/thing.py", line: 10, function: "dothing",
      source: SourceExcerpt(line: "    with ctx.Pool(4) as pool:"))
    let test = SourceLocation(
      path: "/w/test_thing.py", line: 8, function: "test_dothing",
      source: SourceExcerpt(line: "        self.assertEqual(thing.dothing()[3], 9)"))
    var report = Fixture(
      script: "/w/runtest.py", method: .spawn, python: PythonVersion(major: 3, minor: 13, micro: 0),
      way: [site, test, script], workers: 4
    ).report()
    report.findings[0].consequence = .masked
    report.findings[0].processes = [3, 4, 5, 6]
    report.termination = .status(0)
    report.fixes = [
      fix(
        line: 6,
        """
        import thing
        import unittest

        suite = unittest.defaultTestLoader.discover(".")
        # Verbose, for CI.
        result = unittest.TextTestRunner(verbosity=2).run(suite)
        raise SystemExit(not result.wasSuccessful())
        """,
        """
        import thing
        import unittest

        suite = unittest.defaultTestLoader.discover(".")
        if __name__ == "__main__":
            # Verbose, for CI.
            result = unittest.TextTestRunner(verbosity=2).run(suite)
            raise SystemExit(not result.wasSuccessful())
        """, file: "runtest.py")
    ]
    return report
  }

  /// The edit from one text of a file to another.
  private static func fix(
    line: Int, _ old: String, _ new: String, file: String = "main.py",
    doubts: [ProposedFix.Doubt] = []
  ) -> ProposedFix {
    ProposedFix(
      .guard, path: "/w/" + file, line: line,
      files: [
        FileChange(
          path: "/w/" + file, from: Array((old + "\n").utf8), to: Array((new + "\n").utf8))
      ],
      doubts: doubts)
  }

  /// A guarded script that imports a module with a statement that starts a Pool.
  static func helper() -> RunReport {
    let source = SourceExcerpt(
      line: "with multiprocessing.get_context(\"spawn\").Pool(2) as pool:")
    let culprit = SourceLocation(
      path: "/w/helper.py", line: 8, function: "<module>", source: source)
    let script = SourceLocation(
      path: "/w/main.py", line: 4, function: "<module>",
      source: SourceExcerpt(line: "import helper"))
    var report = Fixture(
      script: "/w/main.py", method: .spawn, python: PythonVersion(major: 3, minor: 12, micro: 1),
      way: [culprit, script], workers: 2
    ).report()
    report.findings[0].consequence = .respawning
    report.findings[0].culprit = culprit
    report.findings[0].stack[0].module = "helper"
    return report
  }

  /// A culprit inside a `try:` that begins two lines before it.
  static func indented() -> RunReport {
    let source = SourceExcerpt(
      line: "    process.start()", statement: SourceExcerpt.Statement(number: 11, line: "try:"))
    let culprit = SourceLocation(
      path: "/w/main.py", line: 13, function: "<module>", source: source)
    var report = Fixture(
      script: "/w/main.py", method: .spawn, python: PythonVersion(major: 3, minor: 8, micro: 18),
      way: [culprit], workers: 1
    ).report()
    report.findings[0].consequence = .contained
    report.termination = .status(0)
    let block = (1...20).map { "    step(\($0))" }
    let head = "import multiprocessing\n" + String(repeating: "\n", count: 9)
    let old = ["try:", "    process = multiprocessing.Process(target=print)"] + block
    let new = ["if __name__ == \"__main__\":"] + old.map { "    " + $0 }
    report.fixes = [
      fix(
        line: 13, head + old.joined(separator: "\n"), head + new.joined(separator: "\n"),
        doubts: [.init(.workersNeed, name: "process", line: 3), .init(.importsAll, line: 1)])
    ]
    return report
  }

  /// The forkserver of Python 3.14 runs the script itself, before there is any worker.
  static func forkserver() -> RunReport {
    let culprit = SourceLocation(
      path: "/w/main.py", line: 12, function: "<module>",
      source: SourceExcerpt(line: "with ctx.Pool(2) as pool:"))
    var report = Fixture(
      script: "/w/main.py", method: .forkserver,
      python: PythonVersion(major: 3, minor: 14, micro: 10), way: [culprit], workers: 1
    ).report()
    report.processes[2].role = .forkserver
    report.findings[0].detail = .cycle(.server)
    return report
  }

  /// Nothing but a function of a library is on the stack, and what started the workers is unknown.
  static func function() -> RunReport {
    let culprit = SourceLocation(
      path: "/w/thing.py", line: 10, function: "dothing",
      source: SourceExcerpt(line: "    with ctx.Pool(4) as pool:"))
    var report = Fixture(
      script: "/w/main.py", method: .spawn, python: PythonVersion(major: 3, minor: 14, micro: 10),
      way: [culprit], workers: 1
    ).report()
    report.processes[0].startAttempt = []
    report.processes[0].endedAt = nil
    report.findings[0].callSite = nil
    report.findings[0].certainty = .likely
    return report
  }

  /// The script's file could not be read.
  static func withoutSource() -> RunReport {
    let culprit = SourceLocation(
      path: "/elsewhere/main.py", line: 12, function: "<module>", source: nil)
    var report = Fixture(
      script: "/elsewhere/main.py", method: .forkserver,
      python: PythonVersion(major: 3, minor: 13, micro: 0), way: [culprit], workers: 2
    ).report()
    report.findings[0].consequence = .blocked
    report.findings[0].processes = [3, 4]
    report.limitations = [
      .recorded("pid 4959: no offsets for CPython 3.17"), .recorded("12 events were lost"),
    ]
    return report
  }
}

/// The facts from which a report about a re-execution cycle is made.
struct Fixture {
  var script: String
  var method: StartMethod
  var python: PythonVersion
  /// The user's places from the start of the workers out to the script, innermost first.
  var way: [SourceLocation]
  var workers: Int
  var workingDirectory = "/w"

  func report() -> RunReport {
    RunReport(
      toolVersion: "0.1.0", source: .live, command: ["python", "main.py"],
      workingDirectory: workingDirectory, termination: nil, findings: [finding()],
      processes: [root(), tracker()] + (0..<workers).map(worker), events: 389)
  }

  private var name: String {
    script.split(separator: "/").last.map { String($0) } ?? script
  }

  private func script(as name: String) -> Script {
    Script(
      path: script, identity: FileIdentity(device: 1, inode: 7), runsAs: name, evidence: .opened)
  }

  private func frames(module: String) -> [PythonFrame] {
    way.map { place in
      PythonFrame(
        path: place.path, line: place.line, function: place.function,
        module: place.function == "<module>" && place.path == script ? module : nil,
        source: place.source)
    }
  }

  private func finding() -> Finding {
    var finding = Finding(
      rule: .reexecCycle, detail: .cycle(.worker), certainty: .proven,
      stack: frames(module: "__mp_main__"), processes: [3],
      provenAt: TraceTime(nanoseconds: 213_000_000), provenByEvent: 217,
      fingerprint: "v2:7f3a91c27f3a91c2")
    finding.script = script(as: "__mp_main__")
    finding.culprit = way.last
    finding.callSite = way.first
    finding.startMethod = method
    finding.python = python
    return finding
  }

  private func root() -> ProcessRecord {
    var process = ProcessRecord(
      id: 1, pid: ProcessID(rawValue: 4958), role: .main, startedAt: .zero)
    process.executable = "/usr/bin/python3"
    process.arguments = ["python", name]
    process.workingDirectory = workingDirectory
    process.python = python
    process.script = script(as: "__main__")
    process.startAttempt = frames(module: "__main__")
    process.endedAt = TraceTime(nanoseconds: 400_000_000)
    process.termination = .status(0)
    return process
  }

  private func tracker() -> ProcessRecord {
    var process = ProcessRecord(
      id: 2, pid: ProcessID(rawValue: 4959), role: .resourceTracker,
      startedAt: TraceTime(nanoseconds: 90_000_000))
    process.parent = 1
    process.logicalParent = 1
    return process
  }

  private func worker(_ index: Int) -> ProcessRecord {
    var process = ProcessRecord(
      id: 3 + index, pid: ProcessID(rawValue: 4960 + Int32(index)),
      role: method == .forkserver ? .forkserverWorker : .spawnWorker,
      startedAt: TraceTime(nanoseconds: 101_000_000))
    process.parent = 1
    process.logicalParent = 1
    process.executable = "/usr/bin/python3"
    process.arguments = ["python", "-c", "from multiprocessing.spawn import spawn_main"]
    process.workingDirectory = workingDirectory
    process.python = python
    process.startMethod = method
    process.script = script(as: "__mp_main__")
    process.startAttempt = frames(module: "__mp_main__")
    process.endedAt = TraceTime(nanoseconds: 310_000_400)
    process.termination = .status(1)
    return process
  }
}
