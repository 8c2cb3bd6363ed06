import Analysis
import Diagnostics
import Multiprocessing
import TraceModel

/// The text of a run in which nothing moves, line by line.
struct DeadlockText {
  /// The most waits that are told one by one.
  private static let waitLimit = 6

  private let context: FindingContext
  private let survey: RunSurvey?
  private let gutter: Gutter

  init(_ context: FindingContext) {
    self.context = context
    survey = context.report.survey
    let shown = [context.finding.culprit?.line, context.enclosingStatement?.number]
    gutter = Gutter(style: context.style, lines: shown.compactMap(\.self))
  }

  func lines() -> [StyledLine] {
    let finding = context.finding
    let kind = "\(finding.rule.severity.rawValue)[\(finding.rule.rawValue)]"
    let title = context.style.clippedInMiddle(
      context.style.printable(finding.title), to: context.style.width - kind.count - 2)
    var lines = [StyledLine(kind, .error).appending(": " + title, .strong)]
    if finding.culprit != nil {
      lines.append(gutter.arrow(context.place(to: gutter.room - 1)))
      lines += Snippet(context: context, gutter: gutter, label: label).lines()
    } else {
      lines.append(gutter.bar(weight: .spacing))
    }
    for (index, wait) in waits.enumerated() {
      lines += gutter.note(index == 0 ? "waits" : "and", wait)
    }
    lines += gutter.note("seen", seen)
    lines.append(StyledLine(weight: .paragraph))
    let help = gutter.wrap(advice, to: context.style.width - 6)
    lines += help.enumerated().map { index, part in
      StyledLine(index == 0 ? "help: " : "      ", .help).appending(part, .strong)
    }
    lines.append(StyledLine(weight: .paragraph))
    lines.append(StyledLine(CycleSentences(context: context).identity))
    return lines
  }

  /// What is said at the culprit.
  private var label: String {
    let finding = context.finding
    guard let site = finding.callSite,
      site.path != finding.culprit?.path || site.line != finding.culprit?.line
    else { return "waits here" }
    return "waits here, in \(context.paths.location(site.path, site.line, to: 50))"
  }

  private var seen: String {
    switch survey?.cause {
    case .deadline(let nanoseconds):
      "\(Seconds(nanoseconds).text) s of --timeout have passed, and nothing ran in the last half second"
    case .signal(let signal): "when signal \(signal) asked for the run's end, no thread ran"
    case nil: "no thread ran"
    }
  }

  // MARK: Who waits for whom

  /// A sentence for each process on the way.
  private var waits: [String] {
    guard let survey else { return [] }
    let processes = context.finding.processes
    var sentences = processes.prefix(Self.waitLimit).enumerated().compactMap { index, process in
      let next = index + 1 < processes.count ? processes[index + 1] : processes.first
      return sentence(for: process, waitingFor: next, survey)
    }
    if processes.count > Self.waitLimit {
      sentences.append("so do \(processes.count - Self.waitLimit) more processes")
    }
    return sentences
  }

  private func sentence(for process: Int, waitingFor next: Int?, _ survey: RunSurvey) -> String? {
    let threads = survey.threads.filter { $0.process == process }
    let decisive =
      threads.first { thread in next.map { $0 != process && thread.waitsFor.contains($0) } ?? false
      }
      ?? threads.first
    guard let decisive, let record = context.report[process: process] else { return nil }
    var text = "\(record.pid.shown) (\(record.role.rawValue)"
    if !decisive.isMain { text += ", \(context.style.printable(decisive.name(in: survey)))" }
    text += ") \(context.style.printable(decisive.activity.phrase))"
    if let frame = decisive.place {
      let path = context.absolute(frame.path, in: record)
      text += ", at \(context.paths.location(path.inItsLibrary, frame.line, to: 48))"
    }
    return text
  }

  private var advice: String {
    let threads = survey?.threads.filter { context.finding.processes.contains($0.process) } ?? []
    let kinds = Set(threads.compactMap(\.wait).flatMap(\.objects).map(\.kind))
    if kinds.contains(.pipeToWrite), kinds.contains(.child) {
      return
        "take everything out of a queue or pipe before joining the process that fills it: it can "
        + "not end before that is read"
    }
    if kinds.contains(.semaphore) {
      return "look for the process that ended, or was killed, while it had the lock or semaphore"
    }
    if kinds.contains(.terminal) {
      return "give the command its input, or run it with </dev/null"
    }
    if kinds == [.lock] {
      return
        "look for the thread that has the lock: a `fork` while another thread held it leaves it "
        + "locked for ever in the child"
    }
    return "the stacks below tell where each process waits; `--json FILE` has all of them"
  }
}

extension SurveyedThread {
  /// The place that a reader knows: the innermost frame of the user's code, else the innermost one.
  var place: PythonFrame? {
    frames.first { CodeOrigin(path: $0.path) == .user } ?? frames.first
  }
}
