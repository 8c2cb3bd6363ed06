package import Analysis
import Diagnostics
internal import JSON
package import TraceModel

/// What `fix` did, as one JSON object.
package struct JSONFix {
  /// The report of the run as the files are.
  package var before: RunReport
  /// All edits together; empty if none is known.
  package var files: [FileChange]
  package var doubts: [ProposedFix.Doubt]
  /// The report of the last run with the edits; nil if there was none.
  package var after: RunReport?

  package init(
    before: RunReport, files: [FileChange], doubts: [ProposedFix.Doubt], after: RunReport?
  ) {
    self.before = before
    self.files = files
    self.doubts = doubts
    self.after = after
  }

  package func render(root: String) -> String {
    let fix = Fix(files: files, doubts: doubts.map(\.sentence))
    var writer = JSONWriter(.report)
    writer.object { writer in
      writer.member("schema", "spawntrace-fix")
      writer.member("schemaVersion", 1)
      writer.key("before")
      writer.report(before)
      writer.key("edits")
      writer.edits(files)
      writer.member("diff", UnifiedDiff(files, root: root).text)
      writer.member("applicability", orNull: files.isEmpty ? nil : fix.applicability.rawValue)
      writer.key("review")
      writer.strings(fix.doubts.map(\.text))
      writer.key("after")
      if let after { writer.report(after) } else { writer.null() }
    }
    return writer.text + "\n"
  }
}
