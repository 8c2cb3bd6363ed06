package import TraceModel

/// Removes secrets from what is recorded and reported.
///
/// Secrets are the values of variables with a secret's name, wherever they occur; values that follow such
/// a name in a command line or a text; tokens, which are known by their form; and passwords in URLs.
package struct Redactor: Sendable {
  package static let mark = "[redacted]"
  /// Shorter values would be found in ordinary words.
  private static let shortestValue = 6

  /// The values of the environment's secrets, the longest first, in case one contains another.
  private let values: [[UInt8]]

  /// - Parameter environment: The environment of spawntrace, which the traced program inherits.
  package init(environment: [(name: String, value: String)]) {
    values = Set(
      environment.filter {
        $0.value.utf8.count >= Self.shortestValue && SecretNames.contains($0.name)
          && !$0.value.hasPrefix("/")
      }.map { Array($0.value.utf8) }
    ).sorted { ($0.count, $0.debugDescription) > ($1.count, $1.debugDescription) }
  }

  /// Whether a variable's value is a secret, by its name.
  package static func isSecret(_ name: String) -> Bool { SecretNames.contains(name) }

  /// Whether a recording keeps a variable.
  package static func isKept(_ name: String) -> Bool {
    if SecretNames.contains(name) { return false }
    if kept.contains(name) { return true }
    return ["PYTHON", "PYTEST", "GITHUB_", "GITLAB_", "CI_", "BUILDKITE_", "TOX_", "NOX_", "LC_"]
      .contains { name.hasPrefix($0) }
  }

  private static let kept: Set<String> = [
    "VIRTUAL_ENV", "CONDA_PREFIX", "CI", "TRACEPARENT", "TRACESTATE", "LANG", "TMPDIR",
  ]

  // MARK: Redacting

  /// Returns a command line without its secrets.
  package func arguments(_ arguments: [String]) -> [String] {
    var isValue = false
    return arguments.map { argument in
      // `--password hunter2`: the name is one argument, the value the next.
      let follows = isValue
      isValue =
        argument.hasPrefix("--") && !argument.contains("=") && SecretNames.contains(argument)
      if follows, !argument.hasPrefix("-"), !argument.isEmpty { return Self.mark }
      return text(argument)
    }
  }

  /// Returns a text without its secrets.
  package func text(_ text: String) -> String {
    let text = withoutValues(text)
    guard let pieces = SecretFinder.ranges(in: Array(text.utf8)) else { return text }
    return Self.replacing(pieces, in: Array(text.utf8))
  }

  /// Returns a line of a program without the environment's secrets and without tokens. A value isn't
  /// secret because of a variable's name: `key=` is ordinary code.
  package func source(_ text: String) -> String {
    let text = withoutValues(text)
    let ranges = TokenFinder.ranges(in: Array(text.utf8))
    return ranges.isEmpty ? text : Self.replacing(ranges, in: Array(text.utf8))
  }

  /// Returns an event without its secrets.
  package func event(_ event: Event) -> Event {
    var event = event
    switch event.kind {
    case .executed(var execution):
      execution.arguments = arguments(execution.arguments)
      execution.test = execution.test.map(text)
      event.kind = .executed(execution)
    case .wrote(var written):
      written.text = text(written.text)
      if let definition = written.definition, let excerpt = definition.source {
        written.definition = SourceDefinition(
          path: definition.path, place: definition.place, source: redacted(excerpt))
      }
      event.kind = .wrote(written)
    case .opened(var open) where !open.exits.isEmpty:
      for index in open.exits.indices { open.exits[index].line = source(open.exits[index].line) }
      event.kind = .opened(open)
    default: break
    }
    redact(&event.stack)
    redact(&event.mainStack)
    switch event.nativeStack {
    case .merged(var frames, let cut):
      for index in frames.indices {
        guard case .python(var frame) = frames[index] else { continue }
        redact(&frame)
        frames[index] = .python(frame)
      }
      event.nativeStack = .merged(frames, cut: cut)
    case .separate(let native, var python, let reason):
      redact(&python)
      event.nativeStack = .separate(native: native, python: python, reason: reason)
    case nil: break
    }
    return event
  }

  /// Returns a fix without secrets. If it had one, the fix isn't whole any more, and says so.
  package func fix(_ fix: ProposedFix) -> ProposedFix {
    var fix = fix
    for index in fix.files.indices {
      for hunk in fix.files[index].hunks.indices {
        var number = fix.files[index].hunks[hunk].startLine
        fix.files[index].hunks[hunk].lines = fix.files[index].hunks[hunk].lines.map { line in
          let text = source(line.text)
          if text != line.text, !fix.doubts.contains(where: { $0.kind == .redacted }) {
            fix.doubts.append(.init(.redacted, line: number))
          }
          if line.isOld { number += 1 }
          return switch line {
          case .kept: .kept(text)
          case .removed: .removed(text)
          case .added: .added(text)
          }
        }
      }
    }
    return fix
  }

  private func redact(_ reading: inout StackReading?) {
    guard case .read(var stack) = reading else { return }
    redact(&stack.frames)
    reading = .read(stack)
  }

  private func redact(_ frames: inout [PythonFrame]) {
    for index in frames.indices where frames[index].source != nil { redact(&frames[index]) }
  }

  private func redact(_ frame: inout PythonFrame) {
    if let excerpt = frame.source { frame.source = redacted(excerpt) }
  }

  private func redacted(_ excerpt: SourceExcerpt) -> SourceExcerpt {
    var excerpt = excerpt
    excerpt.line = source(excerpt.line)
    if let statement = excerpt.statement { excerpt.statement?.line = source(statement.line) }
    for index in excerpt.methodLines.indices {
      excerpt.methodLines[index].line = source(excerpt.methodLines[index].line)
    }
    return excerpt
  }

  // MARK: Values

  private func withoutValues(_ text: String) -> String {
    guard !values.isEmpty else { return text }
    var bytes = Array(text.utf8)
    var isChanged = false
    for value in values {
      let ranges = Self.occurrences(of: value, in: bytes)
      guard !ranges.isEmpty else { continue }
      isChanged = true
      bytes = Array(Self.replacing(ranges, in: bytes).utf8)
    }
    return isChanged ? String(decoding: bytes, as: UTF8.self) : text
  }

  private static func occurrences(of value: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
    guard bytes.count >= value.count else { return [] }
    var result: [Range<Int>] = []
    var start = 0
    while start <= bytes.count - value.count {
      if bytes[start] == value[0], bytes[start..<(start + value.count)].elementsEqual(value) {
        result.append(start..<(start + value.count))
        start += value.count
      } else {
        start += 1
      }
    }
    return result
  }

  /// - Parameter ranges: In order, and not overlapping.
  private static func replacing(_ ranges: [Range<Int>], in bytes: [UInt8]) -> String {
    var result: [UInt8] = []
    var end = 0
    for range in ranges {
      result += bytes[end..<range.lowerBound]
      result += mark.utf8
      end = range.upperBound
    }
    result += bytes[end...]
    return String(decoding: result, as: UTF8.self)
  }
}
