import Analysis
import Recording
import Redaction
import TestSupport
import Testing
import TraceModel
import Tracer

@testable import Runs

/// What a live run answers to the tracer.
struct LiveHandlerTests {
  private func handler(
    _ collector: Collector, _ change: (inout LiveSettings) -> Void = { _ in }
  ) -> LiveHandler {
    var settings = LiveSettings(command: ["x"])
    change(&settings)
    return LiveHandler(
      settings,
      RunJudge(
        RunDescription(source: .live), RunAnalysis(limits: Limits()), observer: collector),
      redactor: Redactor(environment: [], hiding: ArgumentHider(.random())), recording: nil,
      observer: collector)
  }

  @Test(
    arguments: [
      (15, false, .survey), (15, true, .survey), (2, false, .ignore), (2, true, .passOn),
      (1, false, .ignore), (1, true, .passOn), (10, true, .passOn),
    ] as [(Int32, Bool, Interruption)])
  func `signals while the command lives: (signal, whether a process sent it) -> what is done`(
    signal: Int32, isSent: Bool, expected: Interruption
  ) {
    let answer = handler(Collector()).interrupted(
      by: signal, sender: isSent ? ProcessID(rawValue: 5) : nil, unanswered: 1, rootIsAlive: true)
    #expect(answer == expected)
  }

  @Test(
    arguments: [(1, .ignore), (2, .survey), (3, .endTree), (4, .endTree)] as [(Int, Interruption)])
  func `Ctrl-Cs that are not answered: the second asks for a survey, a further one ends the tree`(
    unanswered: Int, expected: Interruption
  ) {
    let answer = handler(Collector()).interrupted(
      by: 2, sender: nil, unanswered: unanswered, rootIsAlive: true)
    #expect(answer == expected)
  }

  @Test func `once the command has ended, signals end what it left running`() {
    for signal in [1, 2, 3, 15] as [Int32] {
      #expect(
        handler(Collector()).interrupted(by: signal, sender: nil, unanswered: 1, rootIsAlive: false)
          == .endTree)
    }
    #expect(
      handler(Collector()).interrupted(by: 10, sender: nil, unanswered: 1, rootIsAlive: false)
        == .ignore)
  }

  @Test func `what is left running lives on, is waited for, or is ended`() {
    let processes = [ProcessID(rawValue: 7)]
    let quiet = Collector()
    #expect(handler(quiet).outlived(by: processes) == .leave)
    #expect(quiet.notices.isEmpty)
    let waiting = Collector()
    #expect(handler(waiting) { $0.survivors = .wait }.outlived(by: processes) == .wait)
    #expect(waiting.notices == [.waitsForSurvivors(processes)])
    let ending = Collector()
    #expect(handler(ending) { $0.survivors = .end }.outlived(by: processes) == .end)
    #expect(ending.notices == [.endsSurvivors(processes)])
  }

  @Test func `a tracer in the tree is noticed once`() {
    let collector = Collector()
    let handler = handler(collector)
    var list = EventList()
    list.launch(100)
    list.execute(100, "/usr/bin/strace", ["strace"])
    list.execute(100, "/usr/bin/gdb", ["gdb"])
    for event in list.events { _ = handler.observe(event) }
    #expect(collector.notices == [.tracerIsTraced(name: "strace", ProcessID(rawValue: 100))])
  }
}
