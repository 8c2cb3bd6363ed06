/// Words that make a line worth reading. All other lines are skipped.
enum Marker: Int, CaseIterable {
  case file, head, runtimeError, phrase, oldPhrase, pytestFrame, pickle, brokenPool, fatal,
    attribute
  case report, reportPlace, errno, semaphore, context, daemonic, killed, status137, cancelled,
    timeLimit
  case pipe, endOfFile, input, memory
  case repository, rootDirectory, workspace, workingDirectory, runningOn, cloneInto
  case banner, pythonLocation, setUpPython
  case succeeded, failed, finished, exit, received, orphan, errorMark, section, travis
  case groupRun, json, boxLine, hunk, fence, script
  case function, excerpt, rule, entity, commit, author, document

  var texts: [StaticString] {
    switch self {
    case .file: ["File \"", "File \\\""]
    case .head: ["Traceback (most"]
    case .runtimeError: ["RuntimeError"]
    case .phrase: ["An attempt has been made to start"]
    case .oldPhrase: ["Attempt to start a new process before"]
    case .pytestFrame: [": in ", ".py:"]
    case .pickle: ["t pickle", "annot pickle", "t get attribute", "t get local object"]
    case .brokenPool: ["BrokenProcessPool"]
    case .fatal: ["Fatal Python error", "(most recent call first)"]
    case .attribute: ["has no attribute"]
    case .report: ["[ST1", "[ST2"]
    case .reportPlace: ["id v1:", "id v2:"]
    case .errno: ["[Errno "]
    case .semaphore: ["leaked semaphore"]
    case .context: ["RuntimeError: context has already been set"]
    case .daemonic: ["AssertionError: daemonic processes"]
    case .killed: ["Killed"]
    case .status137: ["137"]
    case .cancelled: ["operation was cancel", "was cancelled", "been cancel"]
    case .timeLimit:
      ["maximum execution time", "Job timed out", "imeout was reached", "exceeded the time"]
    case .pipe: ["BrokenPipeError"]
    case .endOfFile: ["EOFError"]
    case .input: ["Ran out of input"]
    case .memory: ["Out of memory", "oom-kill"]
    case .repository: ["Git repository in "]
    case .rootDirectory: ["rootdir: "]
    case .workspace:
      ["uilding in workspace ", "GITHUB_WORKSPACE", "CI_PROJECT_DIR", "safe.directory "]
    case .workingDirectory: ["orking directory is ", "orking directory: "]
    case .runningOn: ["Running on "]
    case .cloneInto: ["Cloning into "]
    case .banner: ["-- Python ", "Python version:"]
    case .pythonLocation: ["pythonLocation", "Python_ROOT_DIR"]
    case .setUpPython: ["hostedtoolcache"]
    case .succeeded: ["Job succeeded", "Your build exited with 0", "Build succeeded"]
    case .failed: ["Job failed", "Build failed"]
    case .finished: ["Finished: "]
    case .exit:
      [
        "exit code ", "exited with ", "exit status ", "##[section]Finishing",
      ]
    case .received: ["received exit code"]
    case .orphan: ["Cleaning up orphan processes"]
    case .errorMark: ["##[error]"]
    case .section: ["section_start:", "section_end:"]
    case .travis: ["travis_time:"]
    case .groupRun: ["[group]Run ", "[command]", "commands[", "$ ", "+ "]
    case .script: ["#!/bin/bash -eo pipefail", "Script contents:"]
    case .hunk: ["@@ -"]
    case .fence: ["```"]
    case .boxLine: ["│ /"]
    case .function: ["def "]
    case .excerpt: ["_ _ _ _"]
    case .entity: ["&lt;", "&gt;", "&quot;", "&amp;", "&#"]
    case .commit: ["commit "]
    case .author: ["Author: "]
    case .document: ["<<"]
    case .rule: ["_____ ", "===== ", "- Captured "]
    case .json: ["{\"log\":\"", "\\n  File \\\"", "\\n  File \"", "|n  File \"", "%0A  File \""]
    }
  }
}

/// Markers as a set.
struct Markers: OptionSet, Sendable {
  let rawValue: UInt64

  init(rawValue: UInt64) {
    self.rawValue = rawValue
  }

  init(_ markers: Marker...) {
    rawValue = markers.reduce(0) { $0 | 1 << UInt64($1.rawValue) }
  }

  /// Whether a line may be part of a traceback or of a report of ours.
  var areOfTracebacks: Bool { rawValue & Self.tracebacks.rawValue != 0 }

  private static let tracebacks = Markers(
    .file, .head, .runtimeError, .phrase, .oldPhrase, .pytestFrame, .pickle, .brokenPool, .fatal,
    .attribute, .report, .reportPlace, .json, .boxLine)

  func has(_ marker: Marker) -> Bool { rawValue & 1 << UInt64(marker.rawValue) != 0 }
}
