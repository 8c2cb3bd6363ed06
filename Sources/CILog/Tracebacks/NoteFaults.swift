internal import Multiprocessing
internal import TraceModel

/// Turns the chains of a log into notes: what can't be sent to a worker (ST203), and broken pools
/// (ST202).
struct NoteFaults: Sendable {
  private(set) var unpicklable: [LogFault] = []
  private(set) var crashes: [LogFault] = []

  /// How many faults of one log are kept.
  private static let limit = 64

  private struct Key: Hashable {
    var place: FrameTable.ID?
    var summary: String
  }

  init(_ chains: [Chain: ChainTally], _ table: FrameTable) {
    var found: [Key: Int] = [:]
    for (chain, tally) in chains.sorted(by: { $0.value.rank < $1.value.rank }) {
      guard case .exception(let text) = chain.end,
        let kind = NoteKind.kind(of: text, chain.frames.map { table[$0].traits })
      else { continue }
      let users = chain.frames.filter { table[$0].traits.origin == .user }
      let key = Key(place: users.last, summary: kind == .unpicklable ? Self.kept(text) : "")
      if let index = found[key] {
        if kind == .unpicklable { unpicklable[index].count += tally.count }
        if kind == .workerCrash { crashes[index].count += tally.count }
        continue
      }
      guard found.count < Self.limit else { continue }
      var fault = LogFault(kind, message: text)
      let ids = chain.frames
      let texts = ChainTexts(ids, in: table)
      fault.frames = ids.reversed().map { texts.frame($0, in: table) }
      fault.callSite = fault.frames.first { frame in
        users.last.map { table[$0].frame.path == frame.path && table[$0].frame.line == frame.line }
          ?? false
      }
      // A broken pool shows where the parent waits, and not where the worker ended.
      fault.culprit = kind == .unpicklable ? fault.callSite : nil
      if kind == .unpicklable { Self.addLookup(text, chain, table, to: &fault) }
      fault.startMethod = ids.compactMap { table[$0].traits.startMethod }.first
      fault.python = table.python(of: ids)
      fault.count = tally.count
      fault.firstSeen = tally.first
      fault.lastSeen = tally.last
      if kind == .unpicklable {
        found[key] = unpicklable.count
        unpicklable.append(fault)
      } else {
        found[key] = crashes.count
        crashes.append(fault)
      }
    }
  }

  /// Adds what a message says of a name that wasn't found: the module's file is the place.
  private static func addLookup(
    _ text: String, _ chain: Chain, _ table: FrameTable, to fault: inout LogFault
  ) {
    guard let last = chain.frames.last, table[last].traits.isOfMultiprocessing,
      let lookup = FailedLookup(text: text)
    else { return }
    fault.missingName = lookup.name
    guard let path = lookup.path.map(FrameLine.unrepresented) else { return }
    fault.culprit = PythonFrame(path: path, line: nil, function: "<module>")
    fault.callSite = nil
    if lookup.isInMain { fault.script = path }
  }

  /// A message without the addresses in it: they differ in each process.
  private static func kept(_ text: String) -> String {
    String(text.split(separator: " ").filter { !$0.hasPrefix("0x") }.joined(separator: " "))
  }
}
