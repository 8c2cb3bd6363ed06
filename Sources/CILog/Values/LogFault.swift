internal import Multiprocessing
package import TraceModel

/// A fault that a log's text shows: one for all its repeats in the log.
package struct LogFault: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// CPython has refused a start, because a worker was still importing its parent's main module.
    case reexecCycle
    /// What a worker should run can't be pickled, or isn't found there.
    case unpicklable
    /// A worker ended in a crash, or a pool is broken because one did.
    case workerCrash
    /// The job ran under spawntrace: its report is in the log.
    case ownReport(rule: String)
  }

  package var kind: Kind
  /// The last line of the traceback; the title of an own report.
  package var message: String
  /// Innermost first, paths as they were printed, with the program's text if the log has it.
  package var frames: [PythonFrame] = []
  /// The statement that starts the process when it is executed at import; nil if the log doesn't
  /// show it.
  package var culprit: PythonFrame?
  /// The innermost frame of the user's code.
  package var callSite: PythonFrame?
  /// The path of the main script that the worker runs again.
  package var script: String?
  /// The name that a worker didn't find when it unpickled its task.
  package var missingName: String?
  package var startMethod: StartMethod?
  package var python: PythonVersion?
  /// Whether one traceback shows all, from the worker's start to the message.
  package var isWhole = false
  /// How many tracebacks of the log show it.
  package var count = 1
  /// The fingerprint in an own report.
  package var fingerprint: String?
  package var firstSeen: LogTime?
  package var lastSeen: LogTime?

  package init(_ kind: Kind, message: String) {
    self.kind = kind
    self.message = message
  }

  /// The rule's name: `ST101`.
  package var rule: String {
    switch kind {
    case .reexecCycle: "ST101"
    case .unpicklable: "ST203"
    case .workerCrash: "ST202"
    case .ownReport(let rule): rule
    }
  }
}

extension LogFault {
  /// The frames of the user's own code, innermost first.
  package var userFrames: [PythonFrame] {
    frames.filter { FrameTraits($0).origin == .user }
  }
}
