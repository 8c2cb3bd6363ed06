import Analysis
import Diagnostics
import Reporting
import TraceModel

/// Reports about cycles with everything in them that a report may have to show.
///
/// Places, sources and start methods are combined with each other; consequence, certainty, the
/// number of workers and the like take turns.
enum Combinations {
  static let styles = [
    TextStyle(color: false, unicode: true), TextStyle(color: true, unicode: true),
    TextStyle(color: false, unicode: false), TextStyle(color: true, unicode: false),
  ]

  private enum Culprit: CaseIterable {
    case script, module, function, lambda, none
  }

  private static let folders = [
    "/w", "/" + String(repeating: "very-long-name/", count: 100) + "end",
    "/odd \n\u{1B}[31m中文e\u{301}",
  ]

  private static let sources: [SourceExcerpt?] = [
    nil,
    SourceExcerpt(line: "main()"),
    SourceExcerpt(line: "run(" + String(repeating: "argument, ", count: 200) + ")"),
    SourceExcerpt(line: "\tfor é中🙂 in \u{1B}[2J\t\u{7}\u{202E}list:\r"),
    SourceExcerpt(line: String(repeating: "\t", count: 60) + "deep()"),
    SourceExcerpt(line: "   "),
  ]

  private static let statements: [SourceExcerpt.Statement?] = [
    nil,
    SourceExcerpt.Statement(number: 3, line: "try:"),
    SourceExcerpt.Statement(
      number: 3, line: "if " + String(repeating: "__name__ != '中' or ", count: 99)),
  ]

  static func reports() -> [RunReport] {
    var reports: [RunReport] = []
    for folder in folders {
      for source in sources {
        for statement in statements {
          for culprit in Culprit.allCases {
            for line in [6, 1_234_567, nil] {
              for method in [StartMethod.spawn, .forkserver, nil] {
                let excerpt = source.map { SourceExcerpt(line: $0.line, statement: statement) }
                let place = place(culprit, folder: folder, line: line, source: excerpt)
                reports.append(
                  report(place, folder: folder, method: method, number: reports.count))
              }
            }
          }
        }
      }
    }
    return reports
  }

  private static func place(
    _ culprit: Culprit, folder: String, line: Int?, source: SourceExcerpt?
  ) -> SourceLocation? {
    let (name, function): (String, String)
    switch culprit {
    case .script: (name, function) = ("main.py", "<module>")
    case .module: (name, function) = ("helper.py", "<module>")
    case .function: (name, function) = ("helper.py", "function_with_a_name_that_has_no_end_中文")
    case .lambda: (name, function) = ("helper.py", "<lambda>")
    case .none: return nil
    }
    return SourceLocation(
      path: folder + "/" + name, line: line, function: function, source: source)
  }

  private static func report(
    _ culprit: SourceLocation?, folder: String, method: StartMethod?, number: Int
  ) -> RunReport {
    let script = folder + "/main.py"
    let site = SourceLocation(
      path: folder + "/deep/inside/site.py", line: 10, function: "start",
      source: SourceExcerpt(line: "with " + String(repeating: "中", count: number % 80) + ":"))
    let entry = SourceLocation(path: script, line: 99, function: "<module>", source: nil)
    let way = (number % 2 == 0 ? [site] : []) + [culprit].compactMap(\.self) + [entry]
    var report = Fixture(
      script: script, method: method ?? .spawn,
      python: PythonVersion(major: 3, minor: 14, micro: 10), way: way,
      workers: number % 3 == 0 ? 120 : 1, workingDirectory: number % 5 == 0 ? folder : "/"
    ).report()
    let consequences: [Consequence?] = [nil, .contained, .respawning, .blocked, .masked]
    let certainties: [Certainty] = [.proven, .likely, .guess]
    report.findings[0].consequence = consequences[number % 5]
    report.findings[0].certainty = certainties[number % 3]
    report.findings[0].culprit = culprit
    report.findings[0].startMethod = method
    report.findings[0].provenAt = TraceTime(nanoseconds: number % 7 == 0 ? .max : 5)
    if let index = report.findings[0].stack.firstIndex(where: { $0.path.hasSuffix("helper.py") }) {
      report.findings[0].stack[index].module =
        number % 4 == 0 ? String(repeating: "package.", count: 50) + "helper" : nil
    }
    if number % 3 == 0 {
      report.findings[0].processes = [3, 4, 5]
    }
    if number % 7 == 0 {
      report.processes[2].role = .forkserver
    }
    if number % 11 == 0 {
      report.processes[0].startAttempt = []
      report.processes[0].endedAt = nil
    }
    if number % 13 == 0 {
      report.findings[0].processes = []
    }
    if number % 17 == 0 {
      report.findings[0].script = nil
    }
    if number % 4 == 1 {
      report.limitations = [.recorded(String(repeating: "nothing\nseen of 中 ", count: 20))]
    }
    return report
  }
}
