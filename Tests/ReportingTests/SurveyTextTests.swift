import Analysis
import Reporting
import Testing
import TraceModel

/// What is said of a run that hangs.
struct SurveyTextTests {
  private static let library = "/usr/lib/python3.13/"
  private static let style = TextStyle(color: false, unicode: true)

  private func thread(
    _ process: Int, _ number: Int32, main: Bool = true, name: String = "python", _ wait: Wait?,
    waitsFor: [Int] = [], _ frames: [PythonFrame]
  ) -> SurveyedThread {
    SurveyedThread(
      process: process, thread: ThreadID(rawValue: number), isMain: main,
      activity: ThreadActivity(name: name, state: wait.map { .waiting($0) } ?? .running),
      waitsFor: waitsFor,
      stack: .read(
        PythonCallStack(version: PythonVersion(major: 3, minor: 13), frames: frames)))
  }

  /// The main script joins a worker that can't write into its queue; some idle workers beside it.
  private func report(idle: Int = 0, name: String = "main.py") -> RunReport {
    var report = Fixtures.seed()
    let path = "/w/" + name
    let main = PythonFrame(
      path: path, line: 15, function: "<module>", module: "__main__",
      source: SourceExcerpt(
        line: "    process.join()",
        statement: .init(number: 9, line: "if __name__ == \"__main__\":")))
    let join = PythonFrame(
      path: Self.library + "multiprocessing/process.py", line: 149, function: "join",
      qualifiedName: "BaseProcess.join")
    let feed = PythonFrame(
      path: Self.library + "multiprocessing/queues.py", line: 265, function: "_feed")
    let worker = ProcessID(rawValue: 4960)
    var survey = RunSurvey(
      cause: .deadline(3_000_000_000), time: TraceTime(nanoseconds: 3_001_000_000))
    survey.isMoving = false
    survey.threads = [
      thread(
        1, 4958,
        Wait(call: "wait4", objects: [WaitObject(kind: .child, processes: [worker])]),
        waitsFor: [3], [join, main]),
      thread(3, 4960, Wait(call: "futex", objects: [WaitObject(kind: .lock)]), []),
      thread(
        3, 4970, main: false, name: "QueueFeederThread",
        Wait(
          call: "write",
          objects: [
            WaitObject(
              kind: .pipeToWrite, name: "pipe:[7]", processes: [ProcessID(rawValue: 4958)])
          ]), waitsFor: [1], [feed]),
    ]
    for index in 0..<idle {
      survey.threads.append(
        thread(
          4, 5000 + Int32(index), main: false, name: "idle",
          Wait(call: "futex", objects: [WaitObject(kind: .lock)]), [feed]))
    }
    var finding = Finding(
      rule: .deadlock,
      detail: .deadlock(main: survey.threads[0], program: "/w/\(name)", circle: [1, 3]),
      certainty: .proven, stack: [join, main],
      processes: [1, 3], provenAt: survey.time, provenByEvent: 25, fingerprint: "v1:0ae0d46c")
    finding.culprit = Analysis.SourceLocation(
      path: path, line: main.line, function: main.function, source: main.source)
    finding.callSite = finding.culprit
    finding.consequence = .blocked
    report.findings = [finding]
    report.survey = survey
    return report
  }

  @Test("The deadlock: where the script waits, who waits for whom, what to do")
  func finding() throws {
    let report = report()
    let text = TextReport(style: Self.style).finding(
      try #require(report.findings.first), in: report)
    #expect(
      text == """
        error[ST106]: nothing moves: main.py waits for a process that waits for it
          --> main.py:15
           |
        9  | if __name__ == "__main__":
        ...
        15 |     process.join()
           |     ^^^^^^^^^^^^^^ waits here
           |
           = waits: pid 4958 (main) waits for its child pid 4960, at main.py:15
           = and: pid 4960 (spawn-worker, thread 4970 QueueFeederThread) writes to a full pipe to pid 4958,
                  at multiprocessing/queues.py:265
           = seen: 3 s of --timeout have passed, and nothing ran in the last half second

        help: take everything out of a queue or pipe before joining the process that fills it: it can not
              end before that is read

        id v1:0ae0d46c  proven at 3.001 s by event 25

        """)
  }

  @Test("The stacks: one entry for threads that do the same, libraries' paths short")
  func stacks() {
    let text = TextReport(style: Self.style).survey(in: report(idle: 3))
    #expect(
      text == """
        stacks of 3 processes after 3.001 s (nothing moves):
          pid 4958 (main): waits for its child pid 4960 (wait4)
            multiprocessing/process.py:149 BaseProcess.join
            main.py:15 <module>  process.join()
          pid 4960 (spawn-worker): waits for a lock of its own (futex)
          pid 4960 (spawn-worker), thread 4970 QueueFeederThread: writes to a full pipe to pid 4958 (write)
            multiprocessing/queues.py:265 _feed
          pid 4961 (spawn-worker), thread 5000 idle: waits for a lock of its own (futex); so do 2 more
            multiprocessing/queues.py:265 _feed

        """)
  }

  @Test("The last line has the place and how it ends")
  func verdict() {
    let line = TextReport(style: Self.style).verdictLine(
      report(), ending: .status(124), isStopped: true)
    #expect(line.hasPrefix("spawntrace: deadlock: main.py:15: nothing moves: main.py waits"))
    #expect(line.hasSuffix("; stopped, exit 124") && line.count <= 100)
  }

  @Test("Without a survey there is no such text")
  func none() {
    #expect(TextReport(style: Self.style).survey(in: Fixtures.seed()).isEmpty)
  }

  @Test("It fits, whatever is in it")
  func limits() throws {
    for name in ["main.py", String(repeating: "długi ", count: 90) + ".py", "a\nb\u{1b}[31m.py"] {
      for color in [true, false] {
        let style = TextStyle(color: color, unicode: !color)
        var report = report(idle: 200, name: name)
        for index in report.survey?.threads.indices ?? 0..<0 {
          report.survey?.threads[index].activity.name = name
          report.survey?.threads[index].stack = .read(
            PythonCallStack(
              version: PythonVersion(major: 3, minor: 13),
              frames: (0..<100).map {
                PythonFrame(path: "/w/" + name, line: index + $0, function: name)
              }))
        }
        let text = TextReport(style: style)
        let finding = text.finding(try #require(report.findings.first), in: report)
        let lines = finding.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= TextReport.maximumLines)
        let all = lines + text.survey(in: report).split(separator: "\n")
        #expect(all.allSatisfy { Terminal.columns(of: Terminal.stripped(String($0))) <= 100 })
        #expect(!all.contains { !color && $0.contains("\u{1B}") })
      }
    }
  }
}
