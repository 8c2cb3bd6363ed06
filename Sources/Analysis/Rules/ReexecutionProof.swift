internal import Multiprocessing
internal import TraceModel

/// What shows that a process runs the main module of another process again, and starts processes
/// there.
///
/// A class, because a judge asks for one at each event, and has one at very few.
final class ReexecutionProof: Sendable {
  /// The process that runs main again.
  let process: Int
  let cause: MainRun.Cause
  let certainty: Certainty
  /// The stack of the start, innermost first, paths absolute.
  let frames: [PythonFrame]
  /// The frames of main's run, from the start outwards: if another thread starts the process, those
  /// of the first thread, which runs main.
  let run: [PythonFrame]
  /// The frames in which the call site is looked for: the start's own, and then main's.
  let starting: [PythonFrame]
  let culprit: PythonFrame?
  let python: PythonVersion?

  /// The place in the user's code that starts the process: without the user's frames, those of
  /// packages count; without these, the standard library's.
  var callSite: PythonFrame? {
    if cause == .executable {
      // The paths of a frozen program don't show where its code comes from.
      return starting.first { !$0.isOfMultiprocessing && CodeOrigin(path: $0.path) == .user }
        ?? culprit
    }
    return Self.innermost(starting)
  }

  private static func innermost(_ frames: some Collection<PythonFrame>) -> PythonFrame? {
    for origin in [CodeOrigin.user, .package, .generated, .standardLibrary] {
      if let frame = frames.first(where: { CodeOrigin(path: $0.path) == origin }) { return frame }
    }
    return nil
  }

  // MARK: Ways to a proof

  /// A start inside of main's run.
  ///
  /// - Parameters:
  ///   - frames: The whole stack, paths absolute.
  ///   - start: The index of the frame that asks for the new process.
  init(
    by process: Int, _ frames: [PythonFrame], from start: Int, _ mainRun: MainRun,
    _ python: PythonVersion
  ) {
    self.process = process
    self.python = python
    cause = mainRun.cause
    certainty = .proven
    self.frames = frames
    run = Array(frames[start..<mainRun.end])
    starting = run
    culprit = Self.culprit(of: run, mainRun.cause)
  }

  /// A start by another thread than the one that runs main.
  init(
    by process: Int, _ frames: [PythonFrame], whileMainRuns main: [PythonFrame], _ mainRun: MainRun,
    _ python: PythonVersion
  ) {
    self.process = process
    self.python = python
    cause = mainRun.cause
    certainty = .proven
    self.frames = frames
    run = Array(main[..<mainRun.end])
    starting = frames.users + run
    culprit = Self.culprit(of: run, mainRun.cause)
  }

  /// The innermost module-level statement of the user's code; in a frozen program, whose paths don't
  /// show whose code it is, main's own.
  private static func culprit(
    of run: [PythonFrame], _ cause: MainRun.Cause
  ) -> PythonFrame? {
    cause == .executable ? run.last : innermost(run.filter(\.isModule)) ?? innermost(run)
  }

  /// What follows from the system calls of a boot window.
  init(_ attempt: BootWindows.Attempt, of record: ProcessRecord, in directory: String) {
    process = attempt.process
    cause = .preparation
    certainty = attempt.certainty
    frames = attempt.frames.absolute(in: directory)
    let whole = attempt.starter.flatMap { [frames] in StartAttempt(frames, opening: $0) }
    // If the traceback begins inside the script, all of it is.
    run = Array(frames[(whole?.start ?? 0)..<(whole?.reexecution ?? frames.count)])
    starting = run
    culprit = run.first { $0.isModule && CodeOrigin(path: $0.path) == .user }
    python = record.python
  }

  /// What follows from the command lines alone: a tracker never starts a process, and a worker gets
  /// its parent's tracker. Such a process of a frozen program runs main again.
  init(ofExecutable record: ProcessRecord) {
    process = record.id
    cause = .executable
    certainty = .likely
    frames = []
    run = []
    starting = []
    culprit = nil
    python = record.python
  }
}
