internal import TraceModel

extension RunReport {
  /// A daemon has two such ancestors: the command, and the process that it forked in between.
  private static let shortestChain = 4

  /// The longest chain that leads to a process that lives on; nil if there is none.
  package var livingChain: ProcessChain? {
    let chains = processes.lazy.filter { $0.endedAt == nil }.map(chain(endingWith:))
    guard let longest = chains.max(by: { $0.count < $1.count }), let last = longest.last,
      longest.count >= Self.shortestChain, let program = last.program
    else { return nil }
    return ProcessChain(
      program: String(program.lastPathComponent), processes: longest.map(\.pid))
  }

  private func chain(endingWith last: ProcessRecord) -> [ProcessRecord] {
    var chain = [last]
    var next = last
    while let parent = next.parent.flatMap({ self[process: $0] }), parent.endedAt != nil,
      parent.program == last.program
    {
      chain.append(parent)
      next = parent
    }
    return chain.reversed()
  }
}

extension ProcessRecord {
  fileprivate var program: String? { script?.path ?? executable }
}
