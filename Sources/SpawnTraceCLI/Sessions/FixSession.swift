internal import Analysis
internal import Diagnostics
internal import Fixing
internal import LinuxProcess
internal import Reporting
internal import Runs
internal import TraceModel
internal import Tracer

/// `spawntrace fix`: runs a command, makes the edit of what was found, and runs it again.
final class FixSession {
  private let settings: FixSettings
  private let json: ReportFile?
  private let narrator: Narrator
  private let recording: RunRecording?
  private var trial: FixTrial?
  /// Whether the first run's recording is whole, if there is one.
  private var isRecorded = true
  /// Kept until all files are open.
  private var readers: PipeReaders?

  /// Creates the report's and the recording's files; nothing is started yet.
  init(_ settings: FixSettings, _ front: Front) throws(CommandError) {
    self.settings = settings
    narrator = Narrator(settings.run.reporting, command: { settings.run.live.shownCommand })
    try OutputFiles([
      ("--record", settings.run.record), ("--json", settings.run.reporting.json),
      ("--write", settings.write == "-" ? nil : settings.write),
    ]).check(command: settings.run.live.command)
    readers = try PipeReaders(
      of: [settings.run.reporting.json, settings.write, settings.run.record], front)
    json = try ReportFile(creating: settings.run.reporting.json)
    recording = try RunRecording(creating: settings.run.record, observer: narrator)
    if settings.applies, !settings.isAgreed, Question.terminal == nil { throw .noTerminal }
  }

  /// Runs the command as often as it takes, and ends the process that stands for it.
  func run(_ front: Front) throws(CommandError) -> CommandResult {
    let trial = FixTrial(settings.run, front: front)
    self.trial = trial
    let file = try FixFile(creating: settings.write, standardOutput: trial.standardOutput)
    json?.empty()
    recording?.empty()
    do throws(LiveRunError) {
      guard let first = try firstRun(front) else { return CommandResult(status: 0, kept: self) }
      let result = try trial.run(after: first)
      let isWritten = report(first, result, trial, file, front)
      var ending = (trial.last ?? first).ending
      if !isWritten || !isRecorded, ending == .status(0) { ending = .status(ExitStatus.failure) }
      try (trial.last ?? first).live.end(ending)
    } catch {
      throw .live(error)
    }
    return CommandResult(status: 0, kept: self)
  }

  /// Runs the command as it is; nil if it did not run.
  private func firstRun(_ front: Front) throws(LiveRunError) -> FixTrial.RunResult? {
    var live = settings.run.live
    live.survivors = .end
    readers = nil
    let run = LiveRun(live, recording: recording, observer: narrator)
    let result = try run.traced { [live] handler throws(LiveRunError) in
      try TracedCommand(live, front: front, handler: handler)
    }
    switch result {
    case .abandoned: return nil
    case .notExecuted(let error):
      StandardError.say(NotExecuted(command: live.command, error: error).message)
      try run.end(.status(ExitStatus.notExecuted(error)))
      return nil
    case .judged(let judged):
      let ending = judged.ending(by: settings.run)
      isRecorded = run.recordEnd(ending, of: judged)
      narrator.showEnd(of: judged, ending: ending)
      return FixTrial.RunResult(run: judged, ending: ending, fixes: run.readyFixes, live: run)
    }
  }

  // MARK: What was seen

  /// Prints and writes the result, and edits the files. Returns whether all was written.
  private func report(
    _ first: FixTrial.RunResult, _ result: FixTrial.Result?, _ trial: FixTrial, _ file: FixFile?,
    _ front: Front
  ) -> Bool {
    let before = first.run.report
    let finding = before.findings.first { before.fix(for: $0) != nil }
    let root = finding.map { before.rootOfDiffs($0) } ?? before.workingDirectory
    let files = trial.files
    let isSound = result.map(trial.isSound) ?? false
    let doubts =
      trial.doubts + (isSound || trial.last == nil ? [] : [ProposedFix.Doubt(.trial)])
    // Only the files themselves and the diff for git have secrets in them.
    let shown = first.live.redacted(
      ProposedFix(.guard, path: "", line: 0, files: files, doubts: doubts))
    var isWritten =
      json?.write(
        JSONFix(
          before: before, files: shown.files, doubts: shown.doubts, after: trial.last?.run.report
        ).render(root: root), of: before) != false
    guard let result else {
      StandardError.say(nothingToDo(first))
      return isWritten
    }
    var isSaved = false
    if !files.isEmpty {
      StandardError.write(.emptyLine + text(of: shown.files, root: root) + .emptyLine)
      for doubt in doubts.prefix(3) {
        StandardError.say("review: \(doubt.sentence.text)")
      }
      isSaved = file?.write(files, root: root) == true
      isWritten = isWritten && (file == nil || isSaved)
    }
    trial.terminal?.restore()
    let done = next(result, trial, front, isSaved: isSaved)
    StandardError.say(result.sentence(ending: (trial.last ?? first).ending) + "; " + done.text)
    return isWritten && !done.hasFailed
  }

  private func nothingToDo(_ first: FixTrial.RunResult) -> String {
    guard let finding = first.run.report.findings.first(where: { $0.certainty != .guess }) else {
      let end = first.isCutShort ? ", which was ended" : ""
      return "nothing to fix: no fault was found in this run\(end)"
    }
    let advice = Diagnostic(finding, in: first.run.report).advice.text
    return "no edit is certain for \(finding.rule.rawValue) (\(finding.rule.kind))"
      + (advice.isEmpty ? "" : "; \(advice)")
  }

  /// The diff for people: coloured, and without what moves the cursor.
  private func text(of files: [FileChange], root: String) -> TerminalText {
    DiffText(
      files, root: root,
      style: TextStyle(
        color: settings.run.reporting.color.isColored, unicode: ColorChoice.isUnicode)
    ).text
  }

  /// What can be done now, or was done, and whether that failed.
  private func next(
    _ result: FixTrial.Result, _ trial: FixTrial, _ front: Front, isSaved: Bool
  ) -> (text: String, hasFailed: Bool) {
    let names = trial.texts.map { String($0.path.lastPathComponent) }.formatted
    guard !trial.texts.isEmpty else { return ("nothing is edited", false) }
    let unedited = "nothing is edited"
    let isSound = trial.isSound(result)
    guard settings.applies else {
      guard let path = settings.write else {
        return (isSound ? "--apply edits \(names), --write FILE saves the diff" : unedited, false)
      }
      guard isSaved, path != "-" else { return (unedited, false) }
      return (isSound ? "git apply \(path) makes it" : "\(path) has what was tried", false)
    }
    guard isSound else { return (unedited, false) }
    if !settings.isAgreed,
      Question.terminal?.agrees(to: "edit \(names)? [y/N] ", front) != true
    {
      return (unedited, false)
    }
    return EditedFiles(trial.texts).apply()
  }
}

extension [String] {
  /// `a, b and c`
  fileprivate var formatted: String {
    guard count > 1, let last else { return first ?? "" }
    return dropLast().joined(separator: ", ") + " and " + last
  }
}
