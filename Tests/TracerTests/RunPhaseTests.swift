import LinuxProcess
import Testing

@testable import Tracer

struct RunPhaseTests {
  private let now = Instant(nanoseconds: 1_000)

  private func survey() -> ThreadSurvey {
    ThreadSurvey(of: TraceeTable(), isMoving: false, at: now)
  }

  @Test
  func `the handler decides about survivors once, when the grace after the command's end is over`()
  {
    var phase = RunPhase.running(.notBegun)
    let isAsked = phase.endGrace(at: now)
    phase.commandEnded(at: now)
    #expect(!isAsked)
    #expect(phase.nextInstant == now + RunPhase.grace)
    let isEarly = phase.endGrace(at: now + RunPhase.grace - .nanoseconds(1))
    let isTime = phase.endGrace(at: now + RunPhase.grace)
    let isTimeAgain = phase.endGrace(at: now + RunPhase.grace)
    #expect(!isEarly && isTime && !isTimeAgain)
    #expect(phase.nextInstant == nil)
    #expect(phase.sendsEvents)
  }

  @Test func `one survey goes on at a time, also after its command has ended`() {
    var phase = RunPhase.running(.notBegun)
    #expect(phase.mayBeginSurvey)
    let survey = survey()
    phase.beginSurvey(survey)
    #expect(!phase.mayBeginSurvey)
    #expect(phase.survey === survey)
    #expect(phase.nextInstant == survey.deadline)
    phase.commandEnded(at: now)
    #expect(phase.survey === survey)
    // The survey's deadline comes before the end of the grace.
    #expect(phase.nextInstant == survey.deadline)
    phase.endSurvey()
    #expect(phase.survey == nil)
    // After one that Ctrl-Cs have asked for, the run goes on.
    #expect(phase.mayBeginSurvey)
    #expect(phase.nextInstant == now + RunPhase.grace)
  }

  @Test
  func `the end of the tree begins once; no survey begins in it, and one that had begun goes on`() {
    var phase = RunPhase.running(.notBegun)
    let survey = survey()
    phase.beginSurvey(survey)
    let hasBegun = phase.beginEnding(.ofCommand(at: now))
    let hasBegunAgain = phase.beginEnding(.ofTree(at: now))
    #expect(hasBegun && !hasBegunAgain)
    #expect(phase.treeEnd?.stage == .askingCommand)
    #expect(phase.survey === survey)
    #expect(!phase.mayBeginSurvey)
    phase.endSurvey()
    #expect(phase.survey == nil)
    #expect(phase.isEnding)
    // The handler isn't asked any more.
    phase.commandEnded(at: now)
    let isAsked = phase.endGrace(at: now + .seconds(100))
    #expect(!isAsked)
    phase.hurry()
    let kills = phase.advanceTreeEnd(to: now)
    #expect(kills)
    #expect(phase.treeEnd?.stage == .killing)
  }

  @Test func `a survey that was announced goes on if the handler then ends the tree`() {
    var phase = RunPhase.running(.notBegun)
    let hasBegun = phase.beginEnding(.ofTree(at: now))
    let survey = survey()
    phase.beginSurvey(survey)
    #expect(hasBegun)
    #expect(phase.survey === survey)
    #expect(phase.isEnding)
  }

  @Test func `survivors that are left are neither surveyed nor ended`() {
    var phase = RunPhase.running(.notBegun)
    phase.commandEnded(at: now)
    _ = phase.endGrace(at: now + RunPhase.grace)
    phase.leave()
    #expect(!phase.sendsEvents)
    #expect(!phase.mayBeginSurvey)
    #expect(phase.nextInstant == nil)
    let hasBegun = phase.beginEnding(.ofTree(at: now))
    phase.commandEnded(at: now)
    #expect(!hasBegun)
    #expect(phase.nextInstant == nil)
  }

  @Test(arguments: [false, true])
  func `without a front the tree is killed at once, also if it was being ended`(wasEnding: Bool) {
    var phase = RunPhase.running(.notBegun)
    phase.beginSurvey(survey())
    if wasEnding { _ = phase.beginEnding(.ofTree(at: now)) }
    phase.abandon(at: now)
    #expect(!phase.sendsEvents)
    #expect(phase.survey == nil)
    let kills = phase.advanceTreeEnd(to: now)
    #expect(kills)
    #expect(phase.treeEnd?.stage == .killing)
  }

  @Test func `what lives on is ended on request, and at once on the second`() {
    var phase = RunPhase.running(.notBegun)
    let isEarly = phase.endSurvivors(at: now)
    phase.leave()
    let hasBegun = phase.endSurvivors(at: now)
    #expect(!isEarly && hasBegun && phase.isEnding && !phase.sendsEvents)
    #expect(phase.treeEnd?.stage == .askingTree)
    let hasBegunAgain = phase.endSurvivors(at: now)
    let kills = phase.advanceTreeEnd(to: now)
    #expect(!hasBegunAgain && kills)
  }
}
