import Analysis
import Comparison
import TestSupport
import TraceModel

/// Runs that are made by hand.
enum Runs {
  private static let library = "/usr/lib/python3.13"

  static func run(
    _ list: EventList, environment: [String: String]? = nil, isStopped: Bool = false
  ) -> ComparedRun {
    var analysis = RunAnalysis(limits: Limits())
    for event in list.events { _ = analysis.observe(event) }
    let report = analysis.report(
      toolVersion: "0", source: .live, command: ["python"], workingDirectory: list.directory,
      limitations: [])
    return ComparedRun(
      report, environment: environment.map { RunEnvironment(values: [:], hashes: $0) },
      isStopped: isStopped)
  }

  static func differences(
    _ good: ComparedRun, _ bad: ComparedRun
  ) -> [Difference] {
    Comparison(good: good, bad: bad).differences
  }

  static func frame(
    _ path: String, _ line: Int, _ function: String = "<module>", module: String? = nil,
    source: String? = nil
  ) -> PythonFrame {
    PythonFrame(
      path: path, line: line, function: function, module: module,
      source: source.map { SourceExcerpt(line: $0) })
  }

  static func stack(_ frames: PythonFrame...) -> StackReading {
    .read(PythonCallStack(version: PythonVersion(major: 3, minor: 13, micro: 0), frames: frames))
  }

  /// A worker is asked for, by a method, at a frame of the user's.
  static func asking(_ popen: String, at frames: PythonFrame...) -> StackReading {
    .read(
      PythonCallStack(
        version: PythonVersion(major: 3, minor: 13, micro: 0),
        frames: [
          frame(library + "/multiprocessing/popen_\(popen).py", 66, "_launch"),
          frame(library + "/multiprocessing/process.py", 121, "start"),
        ] + frames))
  }

  /// A program is started with subprocess.
  static func running(at frames: PythonFrame...) -> StackReading {
    .read(
      PythonCallStack(
        version: PythonVersion(major: 3, minor: 13, micro: 0),
        frames: [frame(library + "/subprocess.py", 1955, "_execute_child")] + frames))
  }
}
