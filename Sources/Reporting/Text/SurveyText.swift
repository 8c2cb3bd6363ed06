import Analysis
import Diagnostics
import Multiprocessing
import TraceModel

/// What every thread of the tree did, for people. Threads with the same stack are shown once.
struct SurveyText {
  /// How many frames of a stack are shown.
  private static let frameLimit = 16
  /// How many different stacks are shown; the JSON report has all.
  private static let stackLimit = 40
  /// How many places are shown in a few lines.
  private static let shortLimit = 8

  private let survey: RunSurvey
  private let report: RunReport
  private let style: TextStyle
  private let paths: PathDisplay

  /// nil if there was no survey.
  init?(_ report: RunReport, style: TextStyle) {
    guard let survey = report.survey else { return nil }
    self.survey = survey
    self.report = report
    self.style = style
    paths = PathDisplay(workingDirectory: report.workingDirectory, style: style)
  }

  func lines() -> [StyledLine] {
    var lines = [StyledLine(headline, .strong)]
    let groups = groups
    for group in groups.prefix(Self.stackLimit) {
      lines += describe(group)
    }
    if groups.count > Self.stackLimit {
      lines.append(StyledLine("  ... and \(groups.count - Self.stackLimit) more, in --json FILE"))
    }
    return lines
  }

  /// The same in a few lines, for a person who has ended the program and waits for the prompt.
  func shortLines() -> [StyledLine] {
    var lines = [
      StyledLine("where it was when Ctrl-C came, after \(Seconds(survey.time.nanoseconds).text) s:")
    ]
    let groups = groups
    for group in groups.prefix(Self.shortLimit) { lines.append(shortLine(group)) }
    if groups.count > Self.shortLimit {
      lines.append(StyledLine("  ... and \(groups.count - Self.shortLimit) more places"))
    }
    return lines
  }

  private func shortLine(_ group: Group) -> StyledLine {
    let record = report[process: group.first.process]
    var text = head(of: group)
    if let frame = group.first.mostFamiliarFrame {
      let path = report.absolute(frame.path, in: record)
      let left = style.width - DisplayText.width(of: text) - ", at ".count
      let room = max(16, min(style.width / 2, left))
      text += ", at \(paths.location(path.inItsLibrary, frame.line, to: room))"
    }
    return StyledLine(style.clippedAtEnd(text, to: style.width))
  }

  private var headline: String {
    let processes = Set(survey.threads.map(\.process)).count
    let state =
      switch survey.isMoving {
      case true?: "still working"
      case false?: "nothing moves"
      case nil: "not all could be examined"
      }
    let count = processes == 1 ? "1 process" : "\(processes) processes"
    return "stacks of \(count) after \(Seconds(survey.time.nanoseconds).text) s (\(state)):"
  }

  // MARK: Groups

  private struct Group {
    var first: SurveyedThread
    var members: [SurveyedThread]
  }

  /// Threads that do the same at the same place, in the order of each group's first thread.
  private var groups: [Group] {
    var groups: [Group] = []
    var index: [String: Int] = [:]
    for thread in survey.threads {
      let role = report[process: thread.process]?.role.rawValue ?? ""
      let key =
        ([role, String(thread.isMain), thread.wait?.call ?? "-"]
        + thread.frames.map {
          "\($0.path):\($0.line ?? 0):\($0.function)"
        } + (thread.frames.isEmpty ? [nativeFrames(thread).joined(separator: "<")] : [])).joined(
          separator: "\n")
      if let known = index[key] {
        groups[known].members.append(thread)
      } else {
        index[key] = groups.count
        groups.append(Group(first: thread, members: [thread]))
      }
    }
    return groups
  }

  private func describe(_ group: Group) -> [StyledLine] {
    let thread = group.first
    let record = report[process: thread.process]
    var lines = [StyledLine(style.clippedAtEnd(head(of: group), to: style.width))]
    if case .unreadable(let reason) = thread.stack {
      lines.append(StyledLine("    its Python stack can't be read: \(style.printable(reason))"))
    }
    let frames = thread.frames
    for frame in frames.prefix(Self.frameLimit) { lines.append(describe(frame, of: record)) }
    if frames.count > Self.frameLimit {
      lines.append(StyledLine("    ... \(frames.count - Self.frameLimit) more frames"))
    }
    if frames.isEmpty {
      let native = nativeFrames(thread)
      if !native.isEmpty {
        let text = native.prefix(8).joined(separator: " < ")
        lines.append(
          StyledLine("    " + style.clippedAtEnd(style.printable(text), to: style.width - 4)))
      }
    }
    return lines
  }

  private func head(of group: Group) -> String {
    let thread = group.first
    let record = report[process: thread.process]
    var head = "  pid \(record?.pid.rawValue ?? 0) (\(record?.role.rawValue ?? "other"))"
    if !thread.isMain { head += ", \(style.printable(thread.name(in: survey)))" }
    head += ": \(style.printable(thread.activity.phrase))"
    if let wait = thread.wait { head += " (\(wait.call))" }
    if group.members.count > 1 { head += "; so do \(group.members.count - 1) more" }
    return head
  }

  private func describe(_ frame: PythonFrame, of process: ProcessRecord?) -> StyledLine {
    let path = report.absolute(frame.path, in: process)
    let name = style.clippedInMiddle(style.printable(frame.shownName), to: 30)
    let source = frame.source.map { "  " + PythonLine.trimmed(style.printable($0.line)) } ?? ""
    let place = paths.location(
      path.inItsLibrary, frame.line, to: style.width - 6 - DisplayText.width(of: name))
    return StyledLine(style.clippedAtEnd("    \(place) \(name)\(source)", to: style.width))
  }

  private func nativeFrames(_ thread: SurveyedThread) -> [String] {
    let frames: [NativeFrame] =
      switch thread.nativeStack {
      case nil: []
      case .merged(let frames, cut: _):
        frames.compactMap { if case .native(let frame) = $0 { frame } else { nil } }
      case .separate(native: let native, python: _, reason: _): native
      }
    return frames.map { $0.symbol ?? String(($0.image ?? "?").lastPathComponent) }
  }
}
