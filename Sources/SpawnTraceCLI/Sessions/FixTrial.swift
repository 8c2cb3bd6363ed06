internal import Analysis
internal import Fixing
internal import LinuxProcess
internal import Runs
internal import TraceModel
internal import Tracer

/// A command that is run again with the edits of what was found, as long as that finds another
/// fault with an edit. No file is touched.
final class FixTrial {
  /// More edits than this aren't what a reader expects of one command.
  private static let roundLimit = 5

  /// How the trial ended.
  enum Result {
    case healthy
    /// The same statement shows the same fault again.
    case changesNothing(Finding)
    /// Another fault is left.
    case remains(Finding)
    /// Another fault is left, which has an edit: there were too many.
    case limit(Finding)
    /// No fault is left, but no worker was started.
    case showsNothing
    /// The command could not be run with the edit; why.
    case failed(String)
    /// The run with the edit was ended from outside, or its time passed.
    case ended
    /// The first run was.
    case untried
  }

  private let settings: RunSettings
  private let front: Front
  private let descriptors: StandardDescriptorCopies
  let terminal = TerminalState()
  private var way = OverlayWay.served
  /// Whether the edits are made in a copy of the folder, because the command can't see them else.
  private var isCopied = false
  /// The files' texts before the first edit and after the last.
  private(set) var texts: [ChangedText] = []
  private(set) var doubts: [ProposedFix.Doubt] = []
  /// The last run with edits.
  private(set) var last: RunResult?

  /// A run that is over.
  struct RunResult {
    var run: JudgedRun
    var ending: Termination
    var fixes: [ReadyFix]
    /// Kept until this process exits.
    var live: LiveRun

    /// Whether the run was ended from outside, or its time passed: it shows nothing.
    var isCutShort: Bool {
      if live.wasInterrupted || run.endingSignal != nil || run.passedDeadline != nil { return true }
      if case .signal(1) = run.report.termination { return true }
      if case .signal(15) = run.report.termination { return !run.isStopped }
      return false
    }

    var hasWorkers: Bool {
      run.report.processes.contains { $0.role.isReexecutingWorker || $0.role == .forkWorker }
    }
  }

  /// To be made before the first run.
  init(_ settings: RunSettings, front: Front) {
    var settings = settings
    settings.record = nil
    settings.live.survivors = .end
    self.settings = settings
    self.front = front
    descriptors = StandardDescriptorCopies()
  }

  /// Standard output, which the tracer has given away.
  var standardOutput: Int32 { descriptors.output }

  /// Whether the last run speaks for the edits: no fault is left, and the command did its work.
  func isSound(_ result: Result) -> Bool {
    guard case .healthy = result else { return false }
    return last?.ending == .status(0)
  }

  /// All edits together.
  var files: [FileChange] {
    texts.map {
      FileChange(path: $0.path, from: $0.original, to: $0.edited, isLatin1: $0.isLatin1)
    }
    .filter { !$0.hunks.isEmpty }
  }

  /// Runs the command with the first finding's edit, and with those of what that run shows.
  ///
  /// - Returns: nil if no finding has an edit.
  func run(after first: RunResult) throws(LiveRunError) -> Result? {
    guard let (_, fix) = Self.next(in: first) else { return nil }
    if first.isCutShort {
      add(fix)
      return .untried
    }
    var current = first
    var known: Finding?
    for round in 1...Self.roundLimit {
      guard let (finding, fix) = Self.next(in: current) else { break }
      if let known, isSame(known, finding) { return .changesNothing(finding) }
      known = finding
      add(fix)
      let place = fix.proposal.path.lastPathComponent
      let input =
        descriptors.inputIsStream ? "; of its input it gets only what the first run has left" : ""
      StandardError.say(
        "running the command \(round == 1 ? "again" : "once more"), with line \(fix.proposal.line) of "
          + "\(place) edited for it alone\(input)")
      switch try edited() {
      case .result(let result): current = result
      case .failed(let reason): return .failed(reason)
      }
      last = current
      if current.isCutShort {
        // What a deadline shows is a fault, too: the edited program hangs.
        let fault = current.run.report.findings.first { $0.severity == .error }
        return fault.map { .remains($0) } ?? .ended
      }
      // In a copy, the files of the next fault are others.
      if isCopied { break }
    }
    guard last != nil else { return nil }
    if let rest = current.run.report.findings.first(where: { $0.certainty != .guess }) {
      if known.map({ isSame($0, rest) }) == true { return .changesNothing(rest) }
      return isCopied || Self.next(in: current) == nil ? .remains(rest) : .limit(rest)
    }
    return first.hasWorkers && !current.hasWorkers ? .showsNothing : .healthy
  }

  /// The gravest finding that has an edit.
  private static func next(in result: RunResult) -> (Finding, ReadyFix)? {
    for finding in result.run.report.findings {
      if let fix = result.fixes.first(where: { $0.proposal.mends(finding) }) {
        return (finding, fix)
      }
    }
    return nil
  }

  /// Whether two findings are the same fault of the same statement: lines move by an edit.
  private func isSame(_ one: Finding, _ other: Finding) -> Bool {
    // A copy has files of the same names elsewhere.
    let isSameFile =
      isCopied
      ? one.culprit?.path.lastPathComponent == other.culprit?.path.lastPathComponent
      : one.culprit?.path == other.culprit?.path
    return one.rule == other.rule && isSameFile
      && one.culprit?.source?.line.trimmedOfSpace == other.culprit?.source?.line.trimmedOfSpace
  }

  private func add(_ fix: ReadyFix) {
    doubts += fix.proposal.doubts.filter { !doubts.contains($0) }
    for text in fix.texts {
      if let index = texts.firstIndex(where: { $0.path == text.path }) {
        texts[index].edited = text.edited
      } else {
        texts.append(text)
      }
    }
  }

  // MARK: A run with edits

  private enum Edited {
    case result(RunResult)
    case failed(String)
  }

  /// Runs the command once with all edits. If the tracer can't serve them, they are mounted, and if
  /// that isn't possible, they are made in a copy of the folder.
  private func edited() throws(LiveRunError) -> Edited {
    if isCopied { return try editedCopy() }
    var settings = settings
    settings.live.overlays = texts.map { Overlay(path: $0.path, text: $0.edited) }
    settings.live.overlayWay = way
    do throws(LiveRunError) {
      return try run(settings)
    } catch {
      guard case .overlays = error else { throw error }
      let next =
        way == .served
        ? "the edited files are mounted for the command instead"
        : "it runs in a copy of the folder instead"
      StandardError.say("\(error.message); \(next)")
      if way == .served { way = .mounted } else { isCopied = true }
      return try edited()
    }
  }

  private func editedCopy() throws(LiveRunError) -> Edited {
    guard let folder = OwnProcess.workingDirectory.flatMap(resolvedPath),
      let copy = EditedCopy(of: folder, texts)
    else { return .failed("the folder can't be copied, or the edited file is outside of it") }
    var settings = settings
    settings.live.command = copy.command(settings.live.command)
    let result = try copy.entered { () throws(LiveRunError) in try run(settings) }
    return result ?? .failed("the copy of the folder can't be entered")
  }

  private func run(_ settings: RunSettings) throws(LiveRunError) -> Edited {
    descriptors.restore()
    terminal?.restore()
    let narrator = Narrator(settings.reporting, command: { settings.live.shownCommand })
    let live = LiveRun(settings.live, recording: nil, observer: narrator)
    let result = try live.traced { [front] handler throws(LiveRunError) in
      try TracedCommand(settings.live, front: front, handler: handler)
    }
    guard case .judged(let run) = result else {
      return .failed("the command could not be executed again")
    }
    let ending = run.ending(by: settings)
    narrator.showEnd(of: run, ending: ending)
    return .result(RunResult(run: run, ending: ending, fixes: live.readyFixes, live: live))
  }
}

extension String {
  fileprivate var trimmedOfSpace: Substring {
    drop { $0 == " " || $0 == "\t" }
  }
}
