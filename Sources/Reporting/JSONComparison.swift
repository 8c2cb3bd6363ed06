package import Analysis
package import Comparison
import Diagnostics
internal import JSON
internal import Multiprocessing
import TraceModel

/// What `diff` found, as one JSON object. Keys may be added; none is renamed or removed without a new
/// `schemaVersion`.
package struct JSONComparison {
  package static func render(
    _ comparison: Comparison, good: RunReport, bad: RunReport, paths: (good: String, bad: String)
  ) -> String {
    var writer = JSONWriter(.report)
    writer.object { writer in
      writer.member("schema", "spawntrace-diff")
      writer.member("schemaVersion", 1)
      writer.key("tool")
      writer.object(.oneLine) { writer in
        writer.member("name", "spawntrace")
        writer.member("version", bad.toolVersion)
      }
      writer.key("good")
      writer.run(good, paths.good)
      writer.key("bad")
      writer.run(bad, paths.bad)
      writer.key("differences")
      writer.array { writer in
        for difference in comparison.differences { writer.difference(difference) }
      }
      writer.member("sameGroups", comparison.sameGroups)
      writer.member("sessionVariables", comparison.sessionVariables)
      writer.member("comparesHidden", comparison.comparesHidden)
    }
    return writer.text + "\n"
  }
}

extension JSONWriter {
  fileprivate mutating func run(_ report: RunReport, _ path: String) {
    object { writer in
      writer.member("path", path)
      writer.key("command")
      writer.strings(report.command.map(\.shownArgument))
      writer.member("workingDirectory", report.workingDirectory)
      writer.member("t0", orNull: report.began)
      writer.member(
        "python",
        orNull: report.processes.first { $0.python != nil }?.python?.description)
      writer.member("verdict", report.verdict)
      writer.exit(report.termination)
      writer.member("processes", report.processes.count + report.omittedProcesses)
    }
  }

  fileprivate mutating func difference(_ difference: Difference) {
    object { writer in
      writer.member("kind", difference.kind.rawValue)
      writer.member("title", difference.title.text)
      writer.member("good", orNull: difference.good?.text)
      writer.member("bad", orNull: difference.bad?.text)
      writer.key("at")
      if let place = difference.place {
        writer.object(.oneLine) { writer in
          writer.member("path", place.path)
          writer.member("line", orNull: place.line)
          writer.member("source", orNull: difference.source.map { PythonLine.trimmed($0) })
        }
      } else {
        writer.null()
      }
      writer.member("help", orNull: difference.help?.text)
      writer.key("goodProcesses")
      writer.array(difference.goodProcesses) { $0.integer($1) }
      writer.key("badProcesses")
      writer.array(difference.badProcesses) { $0.integer($1) }
    }
  }
}
