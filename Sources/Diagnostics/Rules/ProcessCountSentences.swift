import Analysis
import TraceModel

/// ST103 in words, for more processes than are allowed.
struct ProcessCountSentences: RuleSentences {
  /// How many processes are named.
  private static let starterLimit = 5

  let context: FindingContext

  /// There is no culprit: the processes have only their number in common.
  var label: Sentence { "starts processes" }

  var notes: [Diagnostic.Note] { starters.map(note) }

  var advice: Sentence {
    "if the program needs so many processes, allow them with --max-processes N"
  }

  private struct Starter {
    var process: ProcessRecord
    var children: Int
  }

  /// The processes with the most children that are alive.
  private var starters: [Starter] {
    var children: [Int: Int] = [:]
    for process in context.report.processes where process.endedAt == nil {
      if let parent = process.logicalParent { children[parent, default: 0] += 1 }
    }
    let mostFirst = children.sorted {
      $0.value == $1.value ? $0.key < $1.key : $0.value > $1.value
    }
    return mostFirst.prefix(Self.starterLimit).compactMap { id, children in
      context.report[process: id].map { Starter(process: $0, children: children) }
    }
  }

  private func note(_ starter: Starter) -> Diagnostic.Note {
    let (process, children) = (starter.process, starter.children)
    let count = children == 1 ? "1 living child" : "\(children) living children"
    let command = process.commandLine.joined(separator: " ")
    return .init(.starter, "\(process.pid.shown) has \(count): \(quoted: command)")
  }
}
