package import Analysis
internal import Multiprocessing
package import TraceModel

/// One of the two runs that are compared.
package struct ComparedRun {
  package private(set) var report: RunReport
  /// The environment in which the run began; nil if nothing tells it, as in a log of strace.
  package let environment: RunEnvironment?
  /// Whether spawntrace ended it: then what comes later in the other run is not missing in it.
  package let isStopped: Bool
  /// How long it was given, in nanoseconds, if that time passed.
  package let passedDeadline: UInt64?

  package init(
    _ report: RunReport, environment: RunEnvironment? = nil, isStopped: Bool = false,
    passedDeadline: UInt64? = nil
  ) {
    self.report = report
    self.environment = environment
    self.isStopped = isStopped
    self.passedDeadline = passedDeadline
  }

  /// Whether it has arguments of which only hashes are left.
  private var hidesArguments: Bool {
    report.processes.contains { !HiddenArgument.areShown($0.arguments) }
  }

  /// Whether the arguments of two runs can be compared: both have them, or both have hashes with the
  /// same key.
  static func areArgumentsComparable(_ one: ComparedRun, _ other: ComparedRun) -> Bool {
    one.hidesArguments == other.hidesArguments
      && (!one.hidesArguments || one.environment?.key == other.environment?.key)
  }

  /// The run with nothing left of the arguments that a recording need not have, but their number.
  var withoutArguments: ComparedRun {
    var run = self
    run.report.processes = report.processes.map { process in
      var process = process
      let needs = NeededArguments.all(of: process.arguments, executable: process.executable)
      process.arguments = zip(process.arguments, needs).map { argument, need in
        if let hidden = HiddenArgument(argument) { return hidden.shown }
        return switch need {
        case .whole: argument
        case .text(let text): text
        case .beginning(let beginning): beginning + HiddenArgument.mark
        case .nothing: HiddenArgument.mark
        }
      }
      return process
    }
    return run
  }

  /// Whether its end was seen, and came by itself.
  var isWhole: Bool { !isStopped && passedDeadline == nil && !report.isTruncated }
}
