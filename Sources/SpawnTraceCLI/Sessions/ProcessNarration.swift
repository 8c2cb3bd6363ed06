internal import Analysis
internal import Reporting
internal import TraceModel

/// The lines of `-v`, in the order in which processes start. One without Python is kept back until a
/// Python starts below it; the others are only counted.
struct ProcessNarration {
  /// Of a chain of so many programs only the first and the last are named.
  private static let chainLimit = 4

  /// The line of each process that has none yet, by its number.
  private var pending: [Int: (line: String, name: String)] = [:]
  /// How many are kept back: those that have waited longest are counted before the end.
  private static let pendingLimit = 1000
  /// The processes that were left without a line.
  private var unlisted = PythonlessPrograms()
  /// The processes that were said to import the main script.
  private var importers: Set<Int> = []

  /// The lines for an event.
  mutating func lines(for event: Event, in forest: ProcessForest) -> [String] {
    var lines: [String] = []
    if let line = ProcessLine(event, in: forest), let id = forest.id(of: event.process) {
      // The command itself is named in any case.
      if forest[id].isPython || id == forest.root?.id {
        lines += chain(above: id, in: forest) + [line.text]
        pending[id] = nil
      } else {
        pending[id] = (line.text, forest[id].programName)
        if pending.count > Self.pendingLimit { giveUp(Self.pendingLimit / 2) }
      }
    }
    if let line = ProcessLine(importing: event, in: forest, known: &importers) {
      lines.append(line.text)
    }
    return lines
  }

  /// Counts the processes that have waited longest.
  private mutating func giveUp(_ count: Int) {
    for (id, process) in pending.sorted(by: { $0.key < $1.key }).prefix(count) {
      pending[id] = nil
      unlisted.add(process.name)
    }
  }

  /// The lines that are kept back of the programs that led to a process, the first of them first.
  private mutating func chain(above id: Int, in forest: ProcessForest) -> [String] {
    var lines: [String] = []
    var process = forest[id].logicalParent
    while let id = process, let known = pending.removeValue(forKey: id) {
      lines.insert(known.line, at: 0)
      process = forest[id].logicalParent
    }
    guard lines.count >= Self.chainLimit, let first = lines.first, let last = lines.last else {
      return lines
    }
    return [first, "... and \(lines.count - 2) processes without Python between", last]
  }

  /// What is said at the end of the processes that had no line; nil if all had one.
  var summary: String? {
    var rest = self
    rest.giveUp(rest.pending.count)
    return rest.unlisted.text.map { "not listed: " + $0 }
  }
}
