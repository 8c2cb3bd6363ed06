import Analysis
import LinuxProcess
import TestSupport
import Testing
import TraceModel
import Tracer

@testable import Runs

/// Sends events made by hand to a live run, as the tracer does.
final class FakeSource: LiveEventSource {
  private let events: [Event]
  private let handler: any TraceHandler
  private let outcome: LiveOutcome
  let limitations: [Limitation]
  let mechanism = Mechanism.trace
  let monotonicStart: UInt64 = 7_000_000_000
  /// The answers to the events.
  private(set) var directives: [Directive] = []
  private(set) var ending: Termination?
  var failure: SystemCallError?

  init(
    _ list: EventList, _ handler: any TraceHandler, outcome: LiveOutcome = LiveOutcome(),
    limitations: [Limitation] = []
  ) {
    events = list.events
    self.handler = handler
    self.outcome = outcome
    self.limitations = limitations
  }

  func run() throws(SystemCallError) -> LiveOutcome {
    if let failure { throw failure }
    for event in events { directives.append(handler.observe(event)) }
    return outcome
  }

  func end(_ ending: Termination) throws(SystemCallError) {
    self.ending = ending
  }
}

/// A live run of events made by hand, with what came of it.
struct LiveTrial {
  let collector: Collector
  let run: LiveRun
  let source: FakeSource
  let result: LiveRun.Result

  init(
    _ list: EventList, _ settings: LiveSettings = LiveSettings(command: ["python", "main.py"]),
    wantsEvents: Bool = false, outcome: LiveOutcome = LiveOutcome(),
    limitations: [Limitation] = []
  ) throws {
    let collector = Collector(wantsEvents: wantsEvents)
    let recording = RunRecording(
      path: "run.jsonl", observer: collector, describe: { "\($0)" }, write: collector.record)
    run = LiveRun(settings, recording: recording, observer: collector)
    var made: FakeSource?
    result = try run.traced { handler in
      let source = FakeSource(list, handler, outcome: outcome, limitations: limitations)
      made = source
      return source
    }
    self.collector = collector
    source = try #require(made)
  }

  /// The run, if the command was executed.
  var judged: JudgedRun? {
    if case .judged(let run) = result { run } else { nil }
  }
}
