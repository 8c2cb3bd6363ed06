internal import TraceModel

/// A start that launched no worker.
struct FailedStart: Sendable {
  let process: Int
  /// Innermost first, paths absolute.
  let frames: [PythonFrame]
  let startMethod: StartMethod?
  let python: PythonVersion
  /// Whether nothing else than the exception explains it.
  let isCertain: Bool
}
