internal import Analysis
internal import TraceModel

/// The processes of one kind that the same processes have asked for. How many there are depends on
/// time and chance, and isn't compared.
final class ProcessGroup {
  let kind: ProcessKind
  private(set) var members: [ProcessRecord]
  fileprivate(set) var groups: [ProcessGroup] = []

  init(_ kind: ProcessKind, _ first: ProcessRecord) {
    self.kind = kind
    members = [first]
  }

  fileprivate func add(_ process: ProcessRecord) { members.append(process) }

  var first: ProcessRecord { members[0] }
  var ids: [Int] { members.map(\.id) }
}

/// All processes of a run, each below the one that asked for it.
struct ProcessTree {
  /// Deeper processes are left out: a chain of them goes on in the same way.
  private static let depthLimit = 60

  let roots: [ProcessGroup]
  let run: ComparedRun

  init(_ run: ComparedRun, _ kinds: ProcessKinds) {
    self.run = run
    let processes = run.report.processes
    let ids = Set(processes.map(\.id))
    var children: [Int: [ProcessRecord]] = [:]
    var roots: [ProcessRecord] = []
    for process in processes {
      if let parent = process.logicalParent, ids.contains(parent) {
        children[parent, default: []].append(process)
      } else {
        roots.append(process)
      }
    }
    self.roots = Self.groups(roots, children, kinds, depth: 0)
  }

  private static func groups(
    _ processes: [ProcessRecord], _ children: [Int: [ProcessRecord]], _ kinds: ProcessKinds,
    depth: Int
  ) -> [ProcessGroup] {
    var groups: [ProcessGroup] = []
    var known: [ProcessKind: ProcessGroup] = [:]
    for process in processes {
      let kind = kinds.kind(of: process)
      if let group = known[kind] {
        group.add(process)
      } else {
        let group = ProcessGroup(kind, process)
        known[kind] = group
        groups.append(group)
      }
    }
    guard depth < depthLimit else { return groups }
    for group in groups {
      let below = group.members.flatMap { children[$0.id] ?? [] }
      if !below.isEmpty { group.groups = Self.groups(below, children, kinds, depth: depth + 1) }
    }
    return groups
  }
}
