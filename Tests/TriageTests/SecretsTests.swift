import Analysis
import Foundation
import Input
import JSON
import TestSupport
import Testing

@testable import Triage

/// What triage tells of inputs has none of their secrets.
struct SecretsTests {
  private let folder: ScratchFolder

  init() throws {
    folder = try ScratchFolder()
  }

  private static let secret = "Hunter2Secret"
  private static let path = "/w/ghp_Hunter2Secret04abcdefghijkl/thing.py"
  private static let line =
    #"run(password="Hunter2Secret01", url="https://user:Hunter2Secret02@host/x", "#
    + #"t="ghp_Hunter2Secret03abcdefghij")"#

  /// The log of a job with an unguarded script.
  private static let log = """
    Traceback (most recent call last):
      File "<string>", line 1, in <module>
      File "/usr/lib/python3.12/multiprocessing/spawn.py", line 122, in spawn_main
        exitcode = _main(fd, parent_sentinel)
      File "/usr/lib/python3.12/multiprocessing/spawn.py", line 131, in _main
        prepare(preparation_data)
      File "/usr/lib/python3.12/multiprocessing/spawn.py", line 246, in prepare
        _fixup_main_from_path(data['init_main_from_path'])
      File "/usr/lib/python3.12/multiprocessing/spawn.py", line 297, in _fixup_main_from_path
        main_content = runpy.run_path(main_path,
      File "<frozen runpy>", line 287, in run_path
      File "<frozen runpy>", line 98, in _run_module_code
      File "<frozen runpy>", line 88, in _run_code
      File "/w/run.py", line 7, in <module>
        \(line)
      File "\(path)", line 11, in ghp_Hunter2Secret05abcdefghij
        with context.Pool(4) as pool:
      File "/usr/lib/python3.12/multiprocessing/context.py", line 119, in Pool
        return Pool(processes, initializer, initargs, maxtasksperchild,
      File "/usr/lib/python3.12/multiprocessing/pool.py", line 215, in __init__
        self._repopulate_pool()
      File "/usr/lib/python3.12/multiprocessing/process.py", line 121, in start
        self._popen = self._Popen(self)
      File "/usr/lib/python3.12/multiprocessing/popen_spawn_posix.py", line 42, in _launch
        prep_data = spawn.get_preparation_data(process_obj._name)
      File "/usr/lib/python3.12/multiprocessing/spawn.py", line 164, in get_preparation_data
        _check_not_importing_main()
      File "/usr/lib/python3.12/multiprocessing/spawn.py", line 140, in _check_not_importing_main
        raise RuntimeError('''
    RuntimeError: 
            An attempt has been made to start a new process before the
            current process has finished its bootstrapping phase.

    """

  /// The report of a run of the same script: as it is written today, or as it may have been.
  private static func report(isRedacted: Bool) throws -> String {
    let line =
      isRedacted ? #"run(password="[redacted]", url="[redacted]", t="[redacted]")"# : line
    let path = isRedacted ? "/w/[redacted]/thing.py" : path
    let function = "ghp_Hunter2Secret05abcdefghij"
    let culprit: [String: Any] = [
      "path": "/w/run.py", "line": 7, "function": "<module>", "source": line,
    ]
    let site: [String: Any] = [
      "path": path, "line": 11, "function": function, "source": "with context.Pool(4) as pool:",
    ]
    let finding: [String: Any] = [
      "rule": "ST101", "severity": "error", "certainty": "proven", "occurrences": 1,
      "title": "`run.py` has token=\(isRedacted ? "[redacted]" : "Hunter2Secret06")",
      "script": ["path": "/w/run.py"], "culprit": culprit, "callSite": site,
      "stack": [site, culprit], "startMethod": "spawn",
      "fingerprint": "v2:0123456789abcdef",
      "identity": [
        "places": [culprit], "circumstance": "at https://user:Hunter2Secret07@host/",
      ],
    ]
    let report: [String: Any] = [
      "schema": "spawntrace-report", "schemaVersion": 1, "command": ["python", "run.py"],
      "workingDirectory": "/w", "verdict": "reexec-cycle",
      "findings": [finding], "processes": [[String: Any]](), "trace": ["truncated": false],
    ]
    return String(decoding: try JSONSerialization.data(withJSONObject: report), as: UTF8.self)
  }

  private func pile(_ paths: [String]) -> Pile {
    PileReader.read(InputList.inputs(at: paths))
  }

  private func result(_ paths: [String]) -> (causes: [Cause], text: String) {
    let pile = pile(paths)
    let causes = pile.causes()
    return (causes, TriageDocument.render(pile, causes))
  }

  @Test func `a log's secrets are left out`() throws {
    let log = try folder.write("a.log", Self.log)
    let (causes, text) = result([log])
    let cause = try #require(causes.first)
    #expect(causes.count == 1 && !text.contains(Self.secret))
    #expect(
      cause.culprit?.place.text == #"run(password="[redacted]", url="[redacted]", t="[redacted]")"#)
    #expect(cause.callSite?.place.path == "/w/[redacted]/thing.py")
    #expect(cause.callSite?.place.function == "[redacted]")
  }

  @Test func `paths that are addresses, and folders of checkouts, lose theirs`() throws {
    for (path, expected) in [
      ("https://user:Hunter2Secret02@host/x/thing.py", "https:/[redacted]@host/x/thing.py"),
      (
        "/home/runner/work/ghp_Hunter2Secret03abcdefghij/ghp_Hunter2Secret03abcdefghij/a.py",
        "a.py"
      ),
      (#"D:\a\ghp_Hunter2Secret03abcdefghij\r\me@x\a.py"#, "me@x/a.py"),
    ] {
      let log = try folder.write("a.log", Self.log.replacing("/w/run.py", with: path))
      let (causes, text) = result([log])
      #expect(causes.first?.culprit?.place.path == expected)
      #expect(!text.contains(Self.secret), "\(path)")
    }
  }

  @Test func `a fault is one cause in a log and in reports with and without secrets`() throws {
    let inputs = [
      try folder.write("a.log", Self.log),
      try folder.write("old.json", Self.report(isRedacted: false)),
      try folder.write("new.json", Self.report(isRedacted: true)),
    ]
    let whole = result(inputs)
    #expect(whole.causes.map(\.inputs) == [inputs.sorted()])
    #expect(!whole.text.contains(Self.secret))

    // What parts gave is what everything gives.
    let parts = try inputs.enumerated().map { index, input in
      try folder.write("part\(index)", result([input]).text)
    }
    #expect(result(parts).text == whole.text)
    #expect(result([try folder.write("all", whole.text)]).text == whole.text)
  }

  @Test func `an earlier result with secrets loses them`() throws {
    let old = try folder.write("old.json", Self.report(isRedacted: false))
    var pile = Pile()
    for input in InputList.inputs(at: [old]) {
      input.read { name, contents in
        if case .report(let report) = contents { pile.add(report, input: name) }
      }
    }
    pile.addUnreadable("x", why: "it has token=Hunter2Secret08")
    pile.addTrouble("ghp_Hunter2Secret09abcdefghij", "y")
    let raw = TriageDocument.render(pile, pile.causes())
    try #require(raw.contains("Hunter2Secret09") && raw.contains("Hunter2Secret01"))
    let (causes, text) = result([try folder.write("result.json", raw)])
    #expect(causes.count == 1 && !text.contains(Self.secret))
    #expect(text.contains(#""why": "it has token=[redacted]""#))
  }

  @Test func `names of inputs are the user's own`() throws {
    let log = try folder.write("ghp_0123456789abcdefghij/a.log", Self.log)
    #expect(result([log]).causes.first?.inputs == [log])
  }
}
