package import Analysis
internal import Multiprocessing
internal import PythonSource
internal import TraceModel

/// Makes the edit that takes a finding's fault away.
package struct FixProposer {
  /// Returns a file's bytes, and its path without symbolic links, because a diff is of the file
  /// itself; nil if it can't be read.
  package typealias Reader = (_ path: String) -> (path: String, bytes: [UInt8])?

  private let read: Reader

  package init(read: @escaping Reader) {
    self.read = read
  }

  /// Returns nil if no edit helps, or none is known.
  package func fix(for finding: Finding) -> ReadyFix? {
    guard finding.isMendedByGuard, finding.isModuleLevel, let culprit = finding.culprit,
      let line = culprit.line,
      let file = file(culprit.path, showing: culprit.source, at: line, finding)
    else { return nil }
    if finding.isExecutable {
      return fix(.freeze, culprit, file, file.source.freezeEdit(forLine: line))
    }
    if finding.isInScript {
      return fix(.guard, culprit, file, file.source.guardEdit(forLine: line))
    }
    switch finding.detail {
    case .cycle, .work: return fixOfModules(culprit, line, file, finding)
    // A module that ends its importer isn't mended by a function that does so.
    default: return nil
    }
  }

  /// Reads a file; nil if it isn't the text any more that was executed.
  private func file(
    _ path: String, showing excerpt: SourceExcerpt?, at line: Int, _ finding: Finding
  ) -> ReadFile? {
    guard let (path, bytes) = read(path) else { return nil }
    let file = ReadFile(path: path, bytes: bytes, python: finding.python)
    return file.shows(excerpt, at: line) ? file : nil
  }

  private func fix(
    _ form: ProposedFix.Form, _ culprit: SourceLocation, _ file: ReadFile,
    _ proposal: GuardProposal
  ) -> ReadyFix? {
    guard case .edit(let edit) = proposal, !edit.edits.isEmpty else { return nil }
    return Self.fix(form, culprit, [(file, edit)])
  }

  private static func fix(
    _ form: ProposedFix.Form, _ culprit: SourceLocation,
    _ edits: [(file: ReadFile, edit: GuardEdit)]
  ) -> ReadyFix {
    let doubts = edits.flatMap { file, edit in
      let path = edits.count > 1 ? file.path : nil
      let encoding = file.unknownEncoding(of: edit).map {
        ProposedFix.Doubt(.encoding, name: $0, path: path)
      }
      return edit.doubts.flatMap { ProposedFix.Doubt.all(of: $0, in: path) }
        + [encoding].compactMap(\.self)
    }
    return ReadyFix(
      proposal: ProposedFix(
        form, path: culprit.path, line: culprit.line ?? 0,
        files: edits.map { $0.file.change($0.edit) }, doubts: doubts),
      texts: edits.map { $0.file.text($0.edit) })
  }

  // MARK: A culprit in an imported module

  /// A function in the module, and its call under the script's guard. A module between the two gets
  /// a function of its own if it needs what the first one does.
  private func fixOfModules(
    _ culprit: SourceLocation, _ line: Int, _ file: ReadFile, _ finding: Finding
  ) -> ReadyFix? {
    guard let module = finding.culpritModule,
      case .edit(let first) = file.source.functionEdit(forLine: line)
    else { return nil }
    var edits = [(file, first.edit)]
    var function = StartFunction(module: module, name: first.function, names: first.names)
    for importer in importers(of: culprit, finding) {
      guard let line = importer.line,
        let file = self.file(importer.path, showing: importer.source, at: line, finding)
      else { return nil }
      if importer.path == finding.script?.path {
        let call = file.source.callEdit(importLine: line, calling: function)
        guard case .edit(let edit) = call else { return nil }
        return Self.fix(.function, culprit, edits + [(file, edit)])
      }
      switch file.source.functionEdit(importLine: line, calling: function) {
      case .advice(.nothingMoves): continue
      case .advice: return nil
      case .edit(let edit):
        guard let module = importer.module else { return nil }
        edits.append((file, edit.edit))
        function = StartFunction(
          module: module, name: edit.function, names: edit.names + function.names)
      }
    }
    return nil
  }

  /// The user's modules whose imports lead to the culprit, from its own importer to the script.
  private func importers(of culprit: SourceLocation, _ finding: Finding) -> [PythonFrame] {
    let modules = finding.stack.filter { $0.isModule && CodeOrigin(path: $0.path) == .user }
    let first = modules.firstIndex { $0.path == culprit.path && $0.line == culprit.line }
    return first.map { Array(modules[($0 + 1)...]) } ?? []
  }
}
