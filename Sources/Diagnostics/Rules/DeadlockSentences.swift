import Analysis
import TraceModel

/// ST106 in words.
struct DeadlockSentences: RuleSentences {
  let context: FindingContext
  private let survey: RunSurvey?

  init(_ context: FindingContext) {
    self.context = context
    survey = context.report.survey
  }

  var label: Sentence {
    let finding = context.finding
    guard let site = finding.callSite,
      site.path != finding.culprit?.path || site.line != finding.culprit?.line
    else { return "waits here" }
    return "waits here, in \(place: site.place)"
  }

  var notes: [Diagnostic.Note] { [.init(.seen, seen)] }

  private var seen: Sentence {
    switch survey?.cause {
    case .deadline(let nanoseconds):
      "\(Seconds(nanoseconds).text) s of --timeout have passed, and nothing ran in the last half second"
    case .signal(let signal): "no thread was running when signal \(signal) asked for the run's end"
    case .interrupt: "nothing moved in the second before Ctrl-C"
    case nil: "no thread was running"
    }
  }

  // MARK: Which process waits for which

  /// A step for each process on the way.
  var chain: Diagnostic.Chain? {
    guard let survey else { return nil }
    let processes = context.finding.processes
    let steps = processes.enumerated().compactMap { index, process in
      let next = index + 1 < processes.count ? processes[index + 1] : processes.first
      return step(process, waitingFor: next, survey)
    }
    guard case .deadlock(_, _, let circle) = context.finding.detail else { return nil }
    return Diagnostic.Chain(.waits, isClosed: !circle.isEmpty, steps: steps)
  }

  private func step(
    _ process: Int, waitingFor next: Int?, _ survey: RunSurvey
  ) -> Diagnostic.Chain.Step? {
    let threads = survey.threads.filter { $0.process == process }
    let decisive =
      threads.first { thread in next.map { $0 != process && thread.waitsFor.contains($0) } ?? false
      }
      ?? threads.first
    guard let decisive, let record = context.report[process: process] else { return nil }
    let thread: Sentence = decisive.isMain ? "" : ", \(name: decisive.name(in: survey))"
    let place = decisive.mostFamiliarFrame.map {
      Place(path: context.report.absolute($0.path, in: record), line: $0.line)
    }
    let at: Sentence = place.map { ", at \(place: $0)" } ?? ""
    return Diagnostic.Chain.Step(
      .waits, process: process, place: place,
      "\(record.pid.shown) (\(record.role.rawValue)\(thread)) \(decisive.activity.phrase)\(at)")
  }

  var advice: Sentence {
    let none = Sentence([])
    guard case .deadlock(let main, _, _) = context.finding.detail else { return none }
    return DeadlockCause(context, main: main)?.advice ?? none
  }
}
