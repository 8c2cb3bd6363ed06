import Analysis
import TraceModel

/// A run that hangs.
extension Fixtures {
  private static let library = "/usr/lib/python3.13/"

  private static func thread(
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
  static func deadlock(idle: Int = 0, name: String = "main.py") -> RunReport {
    var report = Fixtures.seed()
    let path = "/w/" + name
    let main = PythonFrame(
      path: path, line: 15, function: "<module>", module: "__main__",
      source: SourceExcerpt(
        line: "    process.join()",
        statement: .init(number: 9, line: "if __name__ == \"__main__\":")))
    let join = PythonFrame(
      path: library + "multiprocessing/process.py", line: 149, function: "join",
      qualifiedName: "BaseProcess.join")
    let feed = PythonFrame(
      path: library + "multiprocessing/queues.py", line: 265, function: "_feed")
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
      processes: [1, 3], provenAt: survey.time, provenByEvent: 25,
      fingerprint: "v2:0ae0d46c0ae0d46c")
    finding.culprit = Analysis.SourceLocation(
      path: path, line: main.line, function: main.function, source: main.source)
    finding.callSite = finding.culprit
    finding.consequence = .blocked
    report.findings = [finding]
    report.survey = survey
    return report
  }

  /// The same, in which each thread waits for something of one kind.
  static func deadlock(allWaitFor kind: WaitObject.Kind) -> RunReport {
    var report = deadlock()
    for index in report.survey?.threads.indices ?? 0..<0 {
      let wait = Wait(call: "futex", objects: [WaitObject(kind: kind)])
      report.survey?.threads[index].activity.state = .waiting(wait)
    }
    if let main = report.survey?.threads.first {
      report.findings[0].detail = .deadlock(main: main, program: "/w/main.py", circle: [])
    }
    return report
  }
}
