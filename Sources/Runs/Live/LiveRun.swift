internal import Analysis
package import Fixing
internal import LinuxProcess
internal import Recording
internal import Redaction
package import SystemPackage
package import TraceModel
package import Tracer

/// A run as it happens: judged, recorded, and ended as its settings say.
package final class LiveRun {
  private let judge: RunJudge
  private let handler: LiveHandler
  private let settings: LiveSettings
  private let recording: RunRecording?
  private let observer: any RunObserver
  private let hider: ArgumentHider
  private let redactor: Redactor
  private var source: (any LiveEventSource)?

  /// How a run ended.
  package enum Result {
    case judged(JudgedRun)
    /// The command could not be executed.
    case notExecuted(Errno)
    /// The process that stands for the command was killed: there is no caller any more.
    case abandoned
  }

  package init(_ settings: LiveSettings, recording: RunRecording?, observer: any RunObserver) {
    self.settings = settings
    self.recording = recording
    self.observer = observer
    let variables = Environment.variables
    let directory =
      destination(ofLink: "/proc/self/cwd") ?? OwnProcess.workingDirectory ?? "/"
    let checkout =
      Checkout.folder(of: Dictionary(variables) { $1 }, around: directory)
      ?? Checkout.repository(around: directory)
    hider = ArgumentHider(
      recording == nil ? .random() : RunKey.ofRecordings(variables),
      folders: [directory, checkout].compactMap(\.self),
      temporaryFolders: variables.filter { RunEnvironment.temporaryFolders.contains($0.name) }
        .map(\.value), isCompared: recording != nil)
    // The traced program inherits the environment, with its secrets.
    redactor = Redactor(
      environment: variables, hiding: hider, keepsArguments: settings.recordsArguments)
    var run = RunDescription(
      source: .live, command: redactor.arguments(settings.command, of: nil),
      workingDirectory: redactor.path(directory))
    run.checkout = checkout.map(redactor.path)
    run.began = WallClock.now()
    judge = RunJudge(
      run,
      RunAnalysis(
        limits: settings.limits, evidence: settings.evidence, checkout: run.checkout),
      observer: observer)
    handler = LiveHandler(
      settings, judge, redactor: redactor, recording: recording, observer: observer)
  }

  /// Traces the run to its end.
  ///
  /// - Parameter open: Makes the source whose events go to the handler.
  package func traced(
    _ open: (any TraceHandler) throws(LiveRunError) -> any LiveEventSource
  ) throws(LiveRunError) -> Result {
    let source = try open(handler)
    self.source = source
    judge.run.limitations += source.limitations
    for case .processFilesUnusable(let problem) in source.limitations {
      observer.noticed(.processFilesUnusable(problem))
    }
    judge.run.monotonicStart = source.monotonicStart
    recording?.begin(judge.run, settings, mechanism: source.mechanism, hider, redactor)
    let outcome: LiveOutcome
    do throws(SystemCallError) {
      outcome = try source.run()
    } catch {
      throw .tracing(error)
    }
    if outcome.isAbandoned { return .abandoned }
    if let error = outcome.executionError { return .notExecuted(error) }
    // What only the end of the run shows.
    for finding in judge.report().findings { handler.addFix(for: finding, of: nil) }
    return .judged(judge.conclusion(isEndKnown: true))
  }

  /// Whether a signal came that asks for the run's end, whatever became of it: a Ctrl-C is the
  /// program's to answer.
  package var wasInterrupted: Bool { handler.wasInterrupted }

  /// Returns a fix as reports may have it, without secrets.
  package func redacted(_ fix: ProposedFix) -> ProposedFix { redactor.fix(fix) }

  /// The edits for what was found, with the files' texts.
  package var readyFixes: [ReadyFix] { handler.ready }

  /// Records how spawntrace itself ends. Returns false if the recording isn't whole.
  package func recordEnd(_ ending: Termination, of run: JudgedRun) -> Bool {
    guard let recording else { return true }
    recording.end(
      RecordingEnd(
        time: TraceTime(
          nanoseconds: Instant.now.nanoseconds &- (judge.run.monotonicStart ?? 0)),
        events: run.report.events, ending: ending, isStopped: run.isStopped,
        hasTimedOut: run.passedDeadline != nil))
    return !recording.hasFailed
  }

  /// Hands the ending on to the caller of the command, and serves processes that live on until the
  /// last one has ended: they run under a filter that needs a tracer.
  package func end(_ ending: Termination) throws(LiveRunError) {
    do throws(SystemCallError) {
      try source?.end(ending)
    } catch {
      throw .tracing(error)
    }
  }
}
