import Analysis
import Runs
import SystemPackage
import TraceModel

/// Notes what a run shows, in the order in which it comes; a recording's lines can be noted with
/// it.
final class Collector: RunObserver {
  enum Entry: Hashable {
    /// The kind and the number of an event's line; the kind alone of another line.
    case recorded(String, UInt64?)
    case observed(UInt64)
    case found(Rule, by: UInt64)
    case surveyed
    case warmedUp
    case noticed(RunNotice)
  }

  private(set) var entries: [Entry] = []
  private(set) var recording: [UInt8] = []
  let wantsEvents: Bool

  init(wantsEvents: Bool = false) {
    self.wantsEvents = wantsEvents
  }

  func observed(_ event: Event, in forest: ProcessForest) {
    entries.append(.observed(event.sequence))
  }

  func found(_ findings: [Finding], report: () -> RunReport) {
    let known = report().findings.map(\.rule)
    for finding in findings where known.contains(finding.rule) {
      entries.append(.found(finding.rule, by: finding.provenByEvent))
    }
  }

  func surveyed(report: () -> RunReport) {
    if report().survey != nil { entries.append(.surveyed) }
  }

  func warmUp(with invented: [Finding], report: () -> RunReport) {
    entries.append(.warmedUp)
  }

  func noticed(_ notice: RunNotice) {
    entries.append(.noticed(notice))
  }

  /// Keeps a line of the recording, and notes its kind.
  func record(_ line: [UInt8]) {
    recording += line
    let text = String(decoding: line, as: UTF8.self)
    entries.append(
      .recorded(
        Self.value(of: "k", in: text) ?? "?",
        Self.value(of: "seq", in: text).flatMap { UInt64($0) }))
  }

  /// The value of a member without its quotes.
  private static func value(of name: String, in line: String) -> String? {
    guard let start = line.firstRange(of: "\"\(name)\":")?.upperBound else { return nil }
    return String(line[start...].prefix { $0 != "," && $0 != "}" }.filter { $0 != "\"" })
  }

  /// The notices alone.
  var notices: [RunNotice] {
    entries.compactMap { if case .noticed(let notice) = $0 { notice } else { nil } }
  }

  func index(of entry: Entry) -> Int? { entries.firstIndex(of: entry) }
}

/// A recording in memory that fails from some line on.
final class FailingOutput {
  var lines = 0
  let failsAt: Int
  let error: Errno

  init(failsAt: Int, _ error: Errno) {
    self.failsAt = failsAt
    self.error = error
  }

  func write(_ line: [UInt8]) throws(Errno) {
    lines += 1
    if lines >= failsAt { throw error }
  }
}
