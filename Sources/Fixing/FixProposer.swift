package import Analysis
internal import Bytes
internal import PythonSource
internal import TraceModel

/// Makes the edit that takes a finding's fault away.
package struct FixProposer {
  /// Returns a file's bytes; nil if it can't be read.
  package typealias Reader = (_ path: String) -> [UInt8]?

  private let read: Reader

  package init(read: @escaping Reader) {
    self.read = read
  }

  /// Returns nil if no edit helps, or none is known.
  package func fix(for finding: Finding) -> ReadyFix? {
    guard finding.isMendedByGuard, let culprit = finding.culprit, let line = culprit.line,
      finding.isModuleLevel, let file = file(culprit, finding)
    else { return nil }
    if finding.isExecutable { return ready(.freeze, file, file.source.freezeEdit(forLine: line)) }
    guard finding.isInScript else { return nil }
    return ready(.guard, file, file.source.guardEdit(forLine: line))
  }

  private struct ReadFile {
    let path: String
    let line: Int
    let bytes: [UInt8]
    let source: PythonFile
  }

  /// Reads the culprit's file; nil if it isn't the text any more that was executed.
  private func file(_ culprit: SourceLocation, _ finding: Finding) -> ReadFile? {
    guard let line = culprit.line, let bytes = read(culprit.path) else { return nil }
    guard Self.shows(culprit, at: line, of: bytes) else { return nil }
    let isDeferring = finding.python.map { $0 >= PythonVersion(major: 3, minor: 14) } ?? false
    return ReadFile(
      path: culprit.path, line: line, bytes: bytes,
      source: PythonFile(bytes, defersAnnotations: isDeferring))
  }

  /// Whether the text at a line is the one that was seen.
  private static func shows(
    _ culprit: SourceLocation, at line: Int, of bytes: [UInt8]
  ) -> Bool {
    guard let seen = culprit.source?.line else { return true }
    let lines = TextLines(bytes)
    // A carriage return ends a line, too, so files with some have another count of lines.
    if bytes.contains(0x0d), bytes.count(where: { $0 == 0x0a }) != lines.count { return true }
    guard (1...max(lines.count, 1)).contains(line), lines.count > 0 else { return false }
    let known = seen.prefix { $0 != "[" }
    return String(decoding: lines[line - 1].prefix(500), as: UTF8.self).hasPrefix(known)
  }

  private func ready(
    _ form: ProposedFix.Form, _ file: ReadFile, _ proposal: GuardProposal
  ) -> ReadyFix? {
    guard case .edit(let edit) = proposal, !edit.edits.isEmpty else { return nil }
    let change = FileChange(
      path: file.path, of: file.bytes, by: edit.byteChanges(in: file.source))
    return ReadyFix(
      proposal: ProposedFix(
        form, path: file.path, line: file.line, files: [change],
        doubts: edit.doubts.map(ProposedFix.Doubt.init)),
      texts: [
        ChangedText(
          path: file.path, original: file.bytes, edited: edit.applied(to: file.source))
      ])
  }
}
