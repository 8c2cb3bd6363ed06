import Analysis
import Reporting
import Testing
import TraceModel

/// The changes of the text with the facts.
struct FindingVariantTests {
  private func lines(
    _ report: RunReport, _ style: TextStyle = TextStyle(color: false, unicode: true)
  ) throws -> [String] {
    let text = TextReport(style: style).finding(
      try #require(report.findings.first), in: report
    ).text
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
  }

  @Test(
    arguments: [
      (nil, "effect: CPython refuses this second start with a RuntimeError in the worker; "),
      (
        .contained,
        "contained: CPython refuses this second start with a RuntimeError in the worker; signal 14 "
          + "ends the run"
      ),
      (
        .respawning,
        "respawning: each worker ended with CPython's RuntimeError and was replaced (4)"
      ),
      (
        .blocked,
        "blocked: CPython refuses this second start with a RuntimeError in the worker, and pid 4958 "
          + "waits for it for ever"
      ),
      (.stopped, "stopped: spawntrace ended the run at this proof"),
      (
        .masked,
        "masked: CPython's RuntimeError is swallowed, and the run would exit 0 as if nothing had "
          + "failed"
      ),
    ] as [(Consequence?, String)])
  func `each consequence has its sentence`(_ consequence: Consequence?, expected: String) throws {
    var report = Fixtures.seed()
    report.findings[0].consequence = consequence
    report.termination = .signal(14)
    let words = try lines(report).flatMap { $0.split(separator: " ") }
    #expect(words.joined(separator: " ").contains(expected))
  }

  @Test func `tabs, wide and control characters leave the carets under the code`() throws {
    var report = Fixtures.indented()
    let source = "\trun(\"中\", 'e\u{301}🙂')\u{1B}[0m  "
    report.findings[0].culprit?.source = SourceExcerpt(line: source)
    let lines = try lines(report)
    let index = try #require(lines.firstIndex { $0.hasPrefix("13 | ") })
    #expect(lines[index] == "13 |     run(\"中\", 'e\u{301}🙂')\\x1b[0m")
    // run(" is 5, the ideograph 2, ", ' 4, the letter with its accent 1, the emoji 2, ') 2, and
    // the escaped sequence 7 columns wide.
    #expect(lines[index + 1] == "   |     " + String(repeating: "^", count: 23))
  }

  @Test func `a line that is too long is cut, and so are its carets`() throws {
    var report = Fixtures.seed()
    let source = "run(" + String(repeating: "x", count: 2000) + ")"
    report.findings[0].culprit?.source = SourceExcerpt(line: source)
    let lines = try lines(report)
    #expect(lines[3] == "6 | run(" + String(repeating: "x", count: 91) + "…")
    #expect(lines[4] == "  | " + String(repeating: "^", count: 96))
  }

  @Test func `a path that is too long keeps its end and the line`() throws {
    var report = Fixtures.seed()
    let folder = "/" + String(repeating: "folder/", count: 215)
    report.findings[0].culprit?.path = folder + "runtest.py"
    report.findings[0].script?.path = folder + "runtest.py"
    let arrow = try #require(try lines(report).dropFirst().first)
    #expect(arrow.hasPrefix(" --> /folder/folder/"))
    #expect(arrow.hasSuffix("/folder/runtest.py:6"))
    #expect(arrow.count == 100)
  }

  @Test func `a condition that also holds in workers is not called a missing one`() throws {
    var report = Fixtures.indented()
    let statement = SourceExcerpt.Statement(number: 11, line: "if __name__ != \"helper\":")
    report.findings[0].culprit?.source?.statement = statement
    let lines = try lines(report)
    let label =
      "runs again when a worker imports this file: the condition of line 11 holds there too"
    #expect(lines.contains("   |     " + label))
  }

  @Test func `a script reached by another name is the script all the same`() throws {
    var report = Fixtures.seed()
    report.findings[0].script?.path = "/w/link.py"
    #expect(try lines(report).contains("+if __name__ == \"__main__\":"))
  }

  @Test func `workers that are started by a nested worker`() throws {
    var report = Fixtures.seed()
    report.processes[0].role = .spawnWorker
    report.processes[0].endedAt = nil
    report.findings[0].processes = [4]
    let lines = try lines(report)
    #expect(lines.contains("  ╭─> runtest.py:6  worker 4958 runs it as `__mp_main__`"))
    #expect(
      lines.contains {
        $0.hasPrefix("  │   thing.py:10   dothing() has started 4 workers so far (spawn): `with")
      })
    #expect(
      lines.contains(
        "  ╰── runtest.py:6  worker 4961 runs it again as `__mp_main__`, up to the same line"))
  }

  @Test func `a worker that comes to another start than its parent did`() throws {
    var report = Fixtures.seed()
    report.processes[0].startAttempt[2].line = 20
    let lines = try lines(report)
    #expect(lines.contains("  ╭─> runtest.py:20  pid 4958 runs it as `__main__`"))
    let last = "worker 4960 and 3 more run it again as `__mp_main__`, up to this line"
    #expect(lines.contains("  ╰── runtest.py:6   " + last))
  }

  @Test func `a function has its qualified name if there is one, and there is room for it`() throws
  {
    var report = Fixtures.seed()
    for (name, shown) in [
      ("Thing.dothing", "Thing.dothing() starts 4"), ("A.<lambda>", "A.<lambda> starts 4"),
      ("Thing.run.<locals>.other.<locals>.dothing", "  dothing() starts 4"),
    ] {
      report.processes[0].startAttempt[0].qualifiedName = name
      #expect(try lines(report).contains { $0.contains(shown) })
    }
    // A method can't be called under the guard by its name alone.
    report = Fixtures.function()
    #expect(try lines(report).contains { $0.contains("help: call dothing() only") })
    report.findings[0].stack[0].qualifiedName = "Thing.dothing"
    #expect(try !lines(report).contains { $0.contains("help: call") })
  }

  @Test func `paths that the program compiled relative are the same places`() throws {
    var report = Fixtures.seed()
    for index in report.processes[0].startAttempt.indices {
      let path = report.processes[0].startAttempt[index].path
      report.processes[0].startAttempt[index].path = String(path.dropFirst("/w/".count))
    }
    #expect(try lines(report) == lines(Fixtures.seed()))
  }

  @Test func `a start that reads like the marked statement is shown if it is another`() throws {
    var report = Fixtures.seed()
    report.processes[0].startAttempt[0].source = report.findings[0].culprit?.source
    let row = try #require(try lines(report).first { $0.contains("│") })
    #expect(row.contains("(spawn): `result = unittest."))
    report.processes[0].startAttempt[0].line = report.findings[0].culprit?.line
    #expect(try lines(report).contains("  │   thing.py:6    dothing() starts 4 workers (spawn)"))
  }

  @Test(arguments: [
    ("\u{2028}", "\\u2028"), ("\u{2029}", "\\u2029"), ("\u{1B}", "\\x1b"), ("\u{9B}", "\\x9b"),
    ("\u{202E}", "\\u202e"), ("\n", "\\n"), ("\r\n", "\\r\\n"), ("\u{E0001}", "\\U000e0001"),
  ])
  func `characters that move or hide text are escaped`(character: String, expected: String) throws {
    var report = Fixtures.seed()
    report.findings[0].culprit?.path = "/w/a\(character)b.py"
    #expect(try lines(report)[1] == " --> a\(expected)b.py:6")
  }

  @Test func `colours are ANSI sequences around the same text`() throws {
    let colored = try lines(Fixtures.seed(), TextStyle(color: true, unicode: true))
    #expect(
      colored[0]
        == "\u{1B}[1;31merror[ST101]\u{1B}[0m"
        + "\u{1B}[1m: runtest.py is run again by each worker that it starts\u{1B}[0m")
    #expect(
      colored.contains(
        "\u{1B}[32m+if __name__ == \"__main__\":\u{1B}[0m"))
    #expect(try colored.map(Terminal.stripped) == lines(Fixtures.seed()))
  }
}
