internal import TraceModel

/// Makes arguments the same that differ from one run to the next by themselves.
struct ArgumentPattern {
  private let text: ChangingText
  private let isTyped: Bool

  /// - Parameters:
  ///   - processes: The pids of the run's processes.
  ///   - isTyped: Whether only names of temporary files change by themselves: a person has typed the
  ///     arguments.
  init(_ paths: PathNames, processes: Set<String>, isTyped: Bool = false) {
    text = ChangingText(roots: paths.roots, processes: processes, isTyped: isTyped)
    self.isTyped = isTyped
  }

  func pattern(_ argument: String) -> String {
    HiddenArgument(argument).map { isTyped ? $0.typed : $0.free } ?? text.pattern(argument)
  }

  /// A pattern without any number.
  static func withoutNumbers(_ pattern: String) -> String {
    HiddenArgument(pattern).map(\.withoutNumbers) ?? ChangingText.withoutNumbers(pattern)
  }
}
