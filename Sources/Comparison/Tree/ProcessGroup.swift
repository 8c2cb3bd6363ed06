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
    var groups = Self.groups(processes.map { (kinds.kind(of: $0), $0) })
    groups = withNumbers(groups)
    groups = withReplacements(groups)
    guard depth < depthLimit else { return groups }
    for group in groups {
      let below = group.members.flatMap { children[$0.id] ?? [] }
      if !below.isEmpty { group.groups = Self.groups(below, children, kinds, depth: depth + 1) }
    }
    return groups
  }

  /// The processes by their kinds, in the order in which the first of each comes.
  private static func groups(_ processes: [(ProcessKind, ProcessRecord)]) -> [ProcessGroup] {
    var groups: [ProcessGroup] = []
    var known: [ProcessKind: ProcessGroup] = [:]
    for (kind, process) in processes {
      if let group = known[kind] {
        group.add(process)
      } else {
        let group = ProcessGroup(kind, process)
        known[kind] = group
        groups.append(group)
      }
    }
    return groups
  }

  /// Puts groups together that differ only in numbers: there may be as many as there are processors.
  private static func withNumbers(_ groups: [ProcessGroup]) -> [ProcessGroup] {
    let plain = groups.map { $0.kind.withoutNumbers }
    let counts = Dictionary(plain.map { ($0, 1) }, uniquingKeysWith: +)
    guard counts.values.contains(where: { $0 > 1 }) else { return groups }
    return Self.groups(
      zip(groups, plain).flatMap { group, kind in
        group.members.map { (counts[kind, default: 0] > 1 ? kind : group.kind, $0) }
      })
  }

  /// Gives the workers that a Pool has replaced, in a thread without a frame of the user's, to the
  /// first workers of their method: whether one is replaced is a matter of time.
  private static func withReplacements(_ groups: [ProcessGroup]) -> [ProcessGroup] {
    groups.filter { group in
      guard group.kind.family == .worker, group.kind.site == nil,
        let other = groups.first(where: {
          $0.kind.family == .worker && $0.kind.site != nil && $0.kind.method == group.kind.method
        })
      else { return true }
      for member in group.members { other.add(member) }
      return false
    }
  }
}
